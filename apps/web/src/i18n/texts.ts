/** One file an area: `en/composer.json` holds what is `composer.…` in the code. */
export function texts(files: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(files).map(([path, content]) => [path.replace(/^.*\/(.+)\.json$/, '$1'), content]),
  );
}

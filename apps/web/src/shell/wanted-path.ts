/** Where one wanted to go before the welcome; only within this application, whatever a link says. */
export function wantedPath(asked: unknown): string {
  const path = Array.isArray(asked) ? asked[0] : asked;
  if (typeof path !== 'string' || !/^\/(?![/\\])/u.test(path) || path.startsWith('/welcome')) return '/';
  return path;
}

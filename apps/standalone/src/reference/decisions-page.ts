import { readdirSync, readFileSync } from 'node:fs';

const INDEX = '## Index\n';

/** Numbers and titles of all decisions, by their files: [file, number, title]. */
export function decisions(folder: URL): [file: string, number: number, title: string][] {
  const files = readdirSync(folder).filter((name) => /^\d{4}-.+\.md$/.test(name));
  return files.sort().map((file) => {
    const [heading = ''] = readFileSync(new URL(file, folder), 'utf8').split('\n', 1);
    const [, number = '', title = ''] = /^# (\d+)\. (.+)$/.exec(heading) ?? [];
    return [file, Number(number), title];
  });
}

/** docs/decisions/README.md: what people wrote, and the index below it. */
export function decisionsPage(folder: URL): string {
  const [text = ''] = readFileSync(new URL('README.md', folder), 'utf8').split(INDEX);
  const lines = decisions(folder).map(([file, number, title]) => `- ${number} [${title}](${file})`);
  return `${text.trimEnd()}\n\n${INDEX}\nMade by \`npm run gen\` from the headings.\n\n${lines.join('\n')}\n`;
}

// Makes src/composer/emoji/*.json out of the package emojibase-data (MIT): all of it is 60 MB, what the picker needs is not.
// npm pack emojibase-data && tar xzf emojibase-data-*.tgz && node apps/web/scripts/emoji.mjs package
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [from] = process.argv.slice(2);
if (from === undefined) throw new Error('where is emojibase-data?');
const read = (path) => JSON.parse(readFileSync(join(from, path), 'utf8'));
const { version } = read('package.json');
// Newer ones are empty boxes on devices of last year.
const NEWEST = 15.1;
const COMPONENTS = 2;
const MOST_WORDS = 6;

for (const [folder, language] of [
  ['en', 'en'],
  ['zh', 'zh-CN'],
]) {
  const groups = new Map();
  const emojis = read(`${folder}/data.json`)
    .filter(({ group, version: since }) => group !== undefined && group !== COMPONENTS && since <= NEWEST)
    .sort((a, b) => a.order - b.order);
  for (const { group, emoji, label, tags = [] } of emojis) {
    const words = tags.filter((tag) => !label.includes(tag)).slice(0, MOST_WORDS);
    if (!groups.has(group)) groups.set(group, []);
    groups.get(group).push([emoji, label, words.join(' ')].join('\t').trimEnd());
  }
  const content = {
    source: `emojibase-data ${version}`,
    groups: [...groups].map(([group, lines]) => [group, lines.join('\n')]),
  };
  writeFileSync(
    new URL(`../src/composer/emoji/${language}.json`, import.meta.url),
    `${JSON.stringify(content, null, 1)}\n`,
  );
}

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { standaloneSettings } from '../settings.js';
import { decisions } from './decisions-page.js';
import { docs, pages } from './pages.js';

describe('pages made from code', () => {
  it.each(Object.entries(pages()))('docs/%s is up to date: run `npm run gen`', (name, text) => {
    expect(readFileSync(new URL(name, docs), 'utf8')).toBe(text);
  });

  it('know every setting that the server reads, with a meaning', () => {
    const page = pages()['settings.md']!;
    for (const name of Object.keys(standaloneSettings({}))) expect(page).toContain(`| \`${name}\` |`);
    expect(page.split('\n').filter((line) => line.endsWith('|  |'))).toEqual([]);
  });

  it('give each decision a number of its own, the one in its file name', () => {
    const all = decisions(new URL('decisions/', docs));
    for (const [file, number, title] of all)
      expect([Number(file.slice(0, 4)), title !== ''], file).toEqual([number, true]);
    expect(new Set(all.map(([, number]) => number)).size).toBe(all.length);
  });
});

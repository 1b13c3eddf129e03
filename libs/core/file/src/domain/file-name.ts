const MAX_BYTES = 255;
const MAX_EXTENSION = 20;
const FALLBACK = 'file';
const utf8 = new TextEncoder();

// Control characters; those that turn the direction of text or cannot be seen (joiners stay: scripts and emoji need them).
const UNSAFE = /[\p{Cc}\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/gu;
// What some file system or shell takes for its own.
const RESERVED = /[<>:"|?*]/g;

/**
 * A name that can be shown and saved under on any system: the last part of a path, without control and direction characters,
 * at most 255 bytes of UTF-8 with its extension kept. Never empty, never a dot name.
 */
export function safeFileName(given: string): string {
  const last = given.toWellFormed().normalize('NFC').replace(UNSAFE, '').split(/[/\\]/).at(-1) ?? '';
  const name = last.replace(RESERVED, '_').replace(/^[.\s]+|[.\s]+$/g, '');
  return name === '' ? FALLBACK : shortened(name);
}

function shortened(name: string): string {
  if (bytes(name) <= MAX_BYTES) return name;
  const dot = name.lastIndexOf('.');
  const extension = dot > 0 && name.length - dot <= MAX_EXTENSION ? name.slice(dot) : '';
  const room = MAX_BYTES - bytes(extension);
  let stem = '';
  let used = 0;
  for (const character of name.slice(0, name.length - extension.length)) {
    used += bytes(character);
    if (used > room) break;
    stem += character;
  }
  return `${stem.trimEnd()}${extension}`;
}

const bytes = (text: string) => utf8.encode(text).length;

/** What is compared: a word of a script that puts spaces between words, or one character of a script that does not. */
export interface Unit {
  text: string;
  /** Place in the original text, in UTF-16 units. */
  start: number;
  end: number;
  /** One character of Han, kana, Hangul, Thai and their like. */
  dense: boolean;
  /** Nothing stands between it and the unit before it. */
  glued: boolean;
}

/** Words are compared by so many UTF-16 units: longer ones are links and codes. */
const MAX_WORD = 32;

// A run of ASCII, a syllable of conjoining Jamo (file names of one system come in them), or one character with what belongs to it.
const PIECES =
  /[A-Za-z0-9]+(?!\p{M})|[\u1100-\u115f\ua960-\ua97c][\u1160-\u11a7\ud7b0-\ud7c6]*[\u11a8-\u11ff\ud7cb-\ud7fb]*\p{M}*|[^](?:[\p{M}\uff9e\uff9f])*/gu;
const ASCII_RUN = /^[A-Za-z0-9]+$/;
const KEYCAP = '\u20e3';
/** Their marks are not written by everybody: é and e, α and ά are the same letter to who searches. */
const MARKS_FOLD = /^[\p{sc=Latin}\p{sc=Greek}\p{sc=Arabic}\p{sc=Hebrew}]/u;
const STROKES: Record<string, string> = { ø: 'o', đ: 'd', ł: 'l', ħ: 'h', ŧ: 't' };
const IGNORABLE = /\p{Default_Ignorable_Code_Point}/u;
const DENSE =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Bopomofo}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}\u30fc]/u;
const SPOKEN = /[\p{L}\p{N}\p{M}]/u;

/** The units of a text in their order. Signs, emoji and whatever else nobody searches for only separate. */
export function unitsOf(text: string): Unit[] {
  const units: Unit[] = [];
  let word: Unit | undefined;
  let glued = false;
  const spell = (letters: string, start: number, end: number) => {
    if (word === undefined) {
      word = { text: letters.slice(0, MAX_WORD), start, end, dense: false, glued };
      units.push(word);
      glued = true;
      return;
    }
    if (word.text.length + letters.length <= MAX_WORD) word.text += letters;
    word.end = end;
  };
  for (const { 0: piece, index: start } of text.matchAll(PIECES)) {
    const end = start + piece.length;
    if (ASCII_RUN.test(piece)) spell(piece.toLowerCase(), start, end);
    else
      for (const char of folded(piece)) {
        if (IGNORABLE.test(char)) continue;
        if (!SPOKEN.test(char)) {
          word = undefined;
          glued = false;
        } else if (DENSE.test(char)) {
          units.push({ text: char, start, end, dense: true, glued });
          word = undefined;
          glued = true;
        } else spell(char, start, end);
      }
  }
  return units;
}

/** The code points of a character with NFKC, case and diacritics folded. */
function folded(piece: string): readonly string[] {
  if (piece.length === 1 && piece < '\u0080') return [' '];
  if (piece.includes(KEYCAP)) return [' '];
  // Upper case first: ß and SS, ς and σ meet there.
  const same = piece.normalize('NFKC').toUpperCase().toLowerCase();
  const apart = same.normalize('NFD');
  const bare = MARKS_FOLD.test(apart) ? apart.replace(/\p{Mn}/gu, '') : same;
  return [...bare.normalize('NFKC')].map((char) => STROKES[char] ?? char);
}

/** A statement or a packet of them, well below what servers take at once (16 MB and more). */
const MAX_TEXT = 2_000_000;

export function inserts(into: string, rows: readonly string[], then: string): string[] {
  return joined(rows, ',').map((part) => `INSERT INTO ${into} VALUES ${part}${then}`);
}

/** Texts in as few pieces as their size allows. */
export function joined(texts: readonly string[], mark: string): string[] {
  const pieces: string[][] = [];
  let size = MAX_TEXT;
  for (const text of texts) {
    if (size + text.length > MAX_TEXT) {
      pieces.push([]);
      size = 0;
    }
    pieces.at(-1)?.push(text);
    size += text.length;
  }
  return pieces.map((piece) => piece.join(mark));
}

import { describe, expect, it } from 'vitest';
import { clean, SendBook, SeqWatch } from './checks.js';

const watchOf = (...seqs: number[]) => {
  const watch = new SeqWatch();
  for (const seq of seqs) watch.saw(seq);
  return watch;
};

describe('the checks of a load run', () => {
  it('find nothing in a run without a fault', () => {
    const book = new SendBook(2);
    for (const [index, seq] of [7, 8].entries()) {
      book.ack(index, seq);
      book.arrive(index, seq);
    }
    expect(clean(book.findings([watchOf(7, 8)]))).toBe(true);
  });

  it('count an acked message that never arrived as lost, an unacked one not', () => {
    const book = new SendBook(2);
    book.ack(0, 1);
    expect(book.findings([])).toMatchObject({ lost: 1 });
  });

  it('count a message that arrives twice', () => {
    const book = new SendBook(1);
    book.arrive(0, 1);
    book.arrive(0, 2);
    expect(book.findings([])).toMatchObject({ duplicate: 1 });
  });

  it('count an ack that names another seq than the event', () => {
    const book = new SendBook(1);
    book.ack(0, 1);
    book.arrive(0, 2);
    expect(book.findings([])).toMatchObject({ ackMismatch: 1 });
  });

  it('tell gaps, repeats and a changed order of seqs apart', () => {
    expect(watchOf(1, 2, 5)).toMatchObject({ gaps: 2, duplicate: 0, outOfOrder: 0 });
    expect(watchOf(1, 2, 2, 3)).toMatchObject({ gaps: 0, duplicate: 1, outOfOrder: 0 });
    expect(watchOf(1, 3, 2, 4)).toMatchObject({ gaps: 1, duplicate: 0, outOfOrder: 1 });
  });
});

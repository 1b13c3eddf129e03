import { prefixTerm } from './terms.js';
import { type Unit, unitsOf } from './units.js';

/** Units that have to stand next to each other. */
export interface Clause {
  units: readonly Unit[];
  /** The last unit may be the beginning of a word: of two letters or more, one alone begins too many. */
  open: boolean;
}

/** Looked up; the rest of a long query is compared in the messages that these find. */
const MAX_TERMS = 12;
const MAX_UNITS = 64;
const PARTS = /"([^"]*)"?|[^"]+/g;

/**
 * What somebody typed: words in any order, the last one may be unfinished; characters that stand together have to stand together;
 * what is quoted has to follow each other. There is nothing else, so that nobody gets it wrong.
 */
export function clausesOf(query: string): Clause[] {
  const clauses: Clause[] = [];
  let left = MAX_UNITS;
  const take = (text: string) => {
    const units = unitsOf(text).slice(0, left);
    left -= units.length;
    return units;
  };
  for (const { 0: part, 1: quoted } of query.replace(/[\u201c\u201d\u201e\uff02]/g, '"').matchAll(PARTS))
    if (quoted === undefined) clauses.push(...runsOf(take(part)).map((units) => ({ units, open: false })));
    else clauses.push({ units: take(quoted), open: false });
  const filled = clauses.filter(({ units }) => units.length > 0);
  const last = filled.at(-1);
  const unit = last?.units.at(-1);
  if (last !== undefined && unit !== undefined && !/["\u201c\u201d\u201e\uff02]\s*$/.test(query))
    last.open = !unit.dense && [...unit.text].length > 1;
  return filled;
}

function runsOf(units: readonly Unit[]): Unit[][] {
  const runs: Unit[][] = [];
  for (const unit of units)
    if (unit.glued && runs.length > 0) runs.at(-1)?.push(unit);
    else runs.push([unit]);
  return runs;
}

/** The longest are mostly the rarest. */
export function lookupTerms(clauses: readonly Clause[]): string[] {
  const terms = new Set(clauses.flatMap(termsOfClause));
  return [...terms].sort((a, b) => b.length - a.length).slice(0, MAX_TERMS);
}

function termsOfClause({ units, open }: Clause): string[] {
  return units.flatMap((unit, i) => {
    if (!unit.dense) return [open && i === units.length - 1 ? prefixTerm(unit.text) : unit.text];
    const next = units[i + 1];
    if (next?.dense === true && next.glued) return [unit.text + next.text];
    return unit.glued && units[i - 1]?.dense === true ? [] : [unit.text];
  });
}

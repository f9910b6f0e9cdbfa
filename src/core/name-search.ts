/**
 * Names as a cashier looks for them: `王芳`, `小芳`, `wxf`, `王xf`, `smi`.
 *
 * Pure. A full-text index that takes a run of Han for one word finds no two-character name (DOMAIN 2.10), so names are
 * indexed by pairs of neighbouring signs, each as it is written and by its pinyin initial, and by their Latin words.
 */

/** One sign of a name: as written, and the letter it is typed by (itself where it is a letter). */
interface Sign {
  readonly sign: string;
  readonly letter: string | null;
  readonly han: boolean;
}

/**
 * What a name is found by, besides its beginning: pairs that hold at least one Han sign, and Latin words.
 *
 * @param initials as HQ made them: one letter a Han sign, Latin letters and digits as they are
 * @example indexTerms('王小芳', 'wxf') // ['王小', '王x', 'w小', '·wx', '小芳', '小f', 'x芳', '·xf']
 */
export function indexTerms(name: string, initials: string): string[] {
  const signs = signsOf(name, initials);
  const terms = new Set<string>();
  for (let i = 1; i < signs.length; i++) {
    const [a, b] = [signs[i - 1]!, signs[i]!];
    if (!a.han && !b.han) continue;
    if (a.han && b.han) terms.add(a.sign + b.sign);
    if (a.han && b.letter !== null) terms.add(a.sign + b.letter);
    if (b.han && a.letter !== null) terms.add(a.letter + b.sign);
    // `王xf` would else be every `王x`: the pair of letters makes them few. The dot keeps it from being a word.
    if (a.letter !== null && b.letter !== null) terms.add(letterPair(a.letter, b.letter));
  }
  for (const word of wordsOf(name)) terms.add(word);
  return [...terms];
}

/** How to look a text up in the index; null: the index cannot tell, only the beginning of names can. */
export interface NameQuery {
  /** All of these are in the name's terms. */
  readonly terms: readonly string[];
  /** The terms are beginnings of words. */
  readonly prefix: boolean;
}

export function nameQuery(text: string): NameQuery | null {
  const signs = signsOf(text, null);
  // Letters alone are the beginning of a word; initials are asked of their own column.
  if (!signs.some(({ han }) => han)) {
    const terms = wordsOf(text);
    return terms.length === 0 ? null : { terms, prefix: true };
  }
  const terms: string[] = [];
  for (let i = 1; i < signs.length; i++) {
    const [a, b] = [signs[i - 1]!, signs[i]!];
    terms.push(a.han || b.han ? a.sign + b.sign : letterPair(a.sign, b.sign));
  }
  return terms.length === 0 ? null : { terms: [...new Set(terms)], prefix: false };
}

/** One token of the index, which takes every sign beyond ASCII for a letter. */
function letterPair(a: string, b: string): string {
  return `·${a}${b}`;
}

/** Whether a name holds what was typed, its signs in a row: the index alone knows pairs, not their order. */
export function nameFits(text: string, name: string, initials: string): boolean {
  const wanted = signsOf(text, null);
  const signs = signsOf(name, initials);
  for (let from = 0; from + wanted.length <= signs.length; from++) {
    if (wanted.every(({ sign }, i) => signs[from + i]!.sign === sign || signs[from + i]!.letter === sign)) {
      return true;
    }
  }
  return false;
}

function signsOf(name: string, initials: string | null): Sign[] {
  const written = lettersOf(name);
  const typed = initials === null ? null : lettersOf(initials);
  // Initials of another length are of another name, or of another rule: the pairs are made of what is written alone.
  const aligned = typed !== null && typed.length === written.length ? typed : null;
  return written.map((sign, i) => {
    const han = HAN.test(sign);
    return { sign, han, letter: han ? (aligned?.[i] ?? null) : sign };
  });
}

const HAN = /\p{Script=Han}/u;
const NOT_LETTER = /[^\p{L}\p{N}]/gu;

function lettersOf(text: string): string[] {
  return [...text.normalize('NFKC').toLowerCase().replace(NOT_LETTER, '')];
}

function wordsOf(text: string): string[] {
  const words =
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.flatMap((word) => word.split(/\p{Script=Han}+/u)).filter((word) => word !== '');
}

/**
 * Whether a text is canonical JSON (`canonicalJson` in core/entry) without writing it again: one walk over its characters.
 *
 * Pure. HQ asks this of every entry that arrives; writing the value again to compare took a third of reading it.
 */

/** Where strings have escapes: what stands there is compared the slow way. */
export type CanonicalAnswer = 'yes' | 'no' | 'escapes';

/**
 * @param text JSON as `JSON.parse` takes it; of other texts the answer says nothing
 * @returns 'yes' when keys are sorted and stand once, nothing is white space, and numbers are safe whole ones written plainly
 */
export function canonicalAnswer(text: string): CanonicalAnswer {
  const walk = new Walk(text);
  const answer = walk.value();
  return answer === 'yes' && !walk.isAtEnd ? 'no' : answer;
}

const QUOTE = 34;
const COMMA = 44;
const MINUS = 45;
const ZERO = 48;
const NINE = 57;
const COLON = 58;
const OPEN_LIST = 91;
const BACKSLASH = 92;
const CLOSE_LIST = 93;
const OPEN = 123;
const CLOSE = 125;

/** Digits that are safe whatever they are: 2^53 has sixteen. */
const DIGITS_SAFE = 15;
/** An entry of ours is six deep. Deeper ones are walked the slow way, which has an end of its own. */
const DEPTH_MAX = 64;

class Walk {
  private readonly text: string;
  private at = 0;
  private depth = 0;

  constructor(text: string) {
    this.text = text;
  }

  get isAtEnd(): boolean {
    return this.at === this.text.length;
  }

  value(): CanonicalAnswer {
    const code = this.text.charCodeAt(this.at);
    if (code === QUOTE) return this.string();
    if (code === OPEN) return this.nested(() => this.object());
    if (code === OPEN_LIST) return this.nested(() => this.list());
    if (code === MINUS || (code >= ZERO && code <= NINE)) return this.number();
    for (const word of ['null', 'true', 'false']) {
      if (!this.text.startsWith(word, this.at)) continue;
      this.at += word.length;
      return 'yes';
    }
    return 'no';
  }

  private nested(work: () => CanonicalAnswer): CanonicalAnswer {
    if (++this.depth > DEPTH_MAX) return 'escapes';
    const answer = work();
    this.depth--;
    return answer;
  }

  private object(): CanonicalAnswer {
    const { text } = this;
    this.at++;
    if (text.charCodeAt(this.at) === CLOSE) return this.step();
    let before: string | null = null;
    for (;;) {
      const start = this.at + 1;
      if (text.charCodeAt(this.at) !== QUOTE) return 'no';
      const answer = this.string();
      if (answer !== 'yes') return answer;
      const key = text.slice(start, this.at - 1);
      if (before !== null && !(before < key)) return 'no';
      before = key;
      if (text.charCodeAt(this.at++) !== COLON) return 'no';
      const inner = this.value();
      if (inner !== 'yes') return inner;
      const next = text.charCodeAt(this.at++);
      if (next === CLOSE) return 'yes';
      if (next !== COMMA) return 'no';
    }
  }

  private list(): CanonicalAnswer {
    const { text } = this;
    this.at++;
    if (text.charCodeAt(this.at) === CLOSE_LIST) return this.step();
    for (;;) {
      const inner = this.value();
      if (inner !== 'yes') return inner;
      const next = text.charCodeAt(this.at++);
      if (next === CLOSE_LIST) return 'yes';
      if (next !== COMMA) return 'no';
    }
  }

  private step(): CanonicalAnswer {
    this.at++;
    return 'yes';
  }

  private string(): CanonicalAnswer {
    const { text } = this;
    let at = this.at + 1;
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === QUOTE) {
        this.at = at + 1;
        return 'yes';
      }
      // Halves of surrogate pairs may stand alone, which is written as an escape.
      if (code === BACKSLASH || (code >= 0xd800 && code <= 0xdfff)) return 'escapes';
    }
    return 'no';
  }

  private number(): CanonicalAnswer {
    const { text } = this;
    const start = this.at;
    const isNegative = text.charCodeAt(start) === MINUS;
    let at = isNegative ? start + 1 : start;
    const first = at;
    let code = text.charCodeAt(at);
    while (code >= ZERO && code <= NINE) code = text.charCodeAt(++at);
    const digits = at - first;
    this.at = at;
    if (digits === 0) return 'no';
    if (text.charCodeAt(first) === ZERO && (digits > 1 || isNegative)) return 'no';
    if (digits <= DIGITS_SAFE) return 'yes';
    const written = text.slice(start, at);
    return Number.isSafeInteger(Number(written)) && String(Number(written)) === written ? 'yes' : 'no';
  }
}

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalAnswer } from '../../src/core/canonical.ts';
import { canonicalJson } from '../../src/core/entry.ts';

/** What it stands for: the value written again is the same text. */
function isWrittenSo(text: string): boolean {
  try {
    return canonicalJson(JSON.parse(text)) === text;
  } catch {
    return false;
  }
}

describe('canonical texts', () => {
  test.each([
    ['{}', 'yes'],
    ['[]', 'yes'],
    ['{"a":1,"b":[1,-2,null,true,false,"x"]}', 'yes'],
    ['{"b":1,"a":2}', 'no'],
    ['{"a":1,"a":1}', 'no'],
    ['{"a": 1}', 'no'],
    ['{"a":1} ', 'no'],
    ['-0', 'no'],
    ['1.0', 'no'],
    ['1e3', 'no'],
    ['9007199254740991', 'yes'],
    ['9007199254740993', 'no'],
    ['123456789012345678901', 'no'],
    ['"a\\nb"', 'escapes'],
    ['"\\u0041"', 'escapes'],
    ['{"\\u0061":1}', 'escapes'],
    ['"🧾"', 'escapes'],
    ['{"__proto__":1}', 'yes'],
    [`${'['.repeat(80)}${']'.repeat(80)}`, 'escapes'],
  ])('%s: %s', (text, answer) => {
    expect(canonicalAnswer(text)).toBe(answer);
    if (answer !== 'escapes') expect(isWrittenSo(text)).toBe(answer === 'yes');
  });

  test('whatever JSON it is, the answer is that of writing it again', () => {
    const texts = fc
      .json({ maxDepth: 4 })
      .chain((text) =>
        fc.constantFrom(text, canonicalOr(text), text.replace(/,/, ', '), text.replace(/0/, '00')),
      );
    fc.assert(
      fc.property(texts, (text) => {
        if (!isJson(text)) return;
        const answer = canonicalAnswer(text);
        if (answer !== 'escapes') expect(answer === 'yes').toBe(isWrittenSo(text));
      }),
      { numRuns: 2_000 },
    );
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function canonicalOr(text: string): string {
  try {
    return canonicalJson(JSON.parse(text));
  } catch {
    return text;
  }
}

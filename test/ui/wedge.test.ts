/** Keyboard scanners with a prefix: which keys are theirs, what code they make, what goes back to a person. */
import { describe, expect, test } from 'vitest';
import { feedWedge, flushWedge, NO_WEDGE, type WedgeSetting } from '../../src/ui/wedge.ts';

const CODE = '6901234567892';
const TILDE: WedgeSetting = { prefix: '~', suffix: 'line' };
const STARS: WedgeSetting = { prefix: '**', suffix: '#' };
const SILENT: WedgeSetting = { prefix: '%', suffix: 'none' };

/** Keys with so many ms between them; then silence. */
function type(keys: readonly string[], gapMs: number, wedges: readonly WedgeSetting[]) {
  let state = NO_WEDGE;
  let atMs = 1_000;
  let field = '';
  const codes: string[] = [];
  for (const key of keys) {
    const step = feedWedge(state, key, atMs, wedges);
    state = step.state;
    field += step.giveBack;
    if (!step.take && key.length === 1) field += key;
    if (step.code !== null) codes.push(step.code);
    atMs += gapMs;
  }
  const end = flushWedge(state, atMs + 1_000, wedges);
  field += end.giveBack;
  if (end.code !== null) codes.push(end.code);
  return { codes, field };
}

describe('a scanner', () => {
  test.each([
    ['~ and Enter', [TILDE], ['~', ...CODE, 'Enter']],
    ['~ and Tab, with Shift pressed for the ~', [TILDE], ['Shift', '~', ...CODE, 'Tab']],
    ['** and #', [STARS], ['*', '*', ...CODE, '#']],
    ['% and silence', [SILENT], ['%', ...CODE]],
    ['one of three', [TILDE, STARS, SILENT], ['*', '*', ...CODE, '#']],
  ] as const)('%s: one code, and no field sees a key of it', (_, wedges, keys) => {
    expect(type(keys, 8, wedges)).toEqual({ codes: [CODE], field: '' });
  });

  test('two codes behind each other, from two scanners, are two', () => {
    const keys = ['~', ...CODE, 'Enter', '*', '*', ...'96385074', '#'];
    expect(type(keys, 8, [TILDE, STARS])).toEqual({ codes: [CODE, '96385074'], field: '' });
  });

  test('one that stops in the middle sells nothing: what it sent goes to the field', () => {
    expect(type(['~', ...'69012'], 8, [TILDE])).toEqual({ codes: [], field: '~69012' });
  });

  test('a prefix and nothing behind it is no code', () => {
    expect(type(['~', 'Enter'], 8, [TILDE])).toEqual({ codes: [], field: '' });
  });
});

describe('a person', () => {
  test.each([
    ['a name with the sign in it', '~abc', '~abc'],
    ['half a prefix and something else', '*7', '*7'],
    ['a quantity', '3*690', '3*690'],
  ])('%s: every key arrives, in order', (_, text, field) => {
    expect(type([...text], 180, [TILDE, STARS])).toEqual({ codes: [], field });
  });

  test('without such a scanner every key passes at once', () => {
    expect(feedWedge(NO_WEDGE, '~', 0, [])).toEqual({
      state: NO_WEDGE,
      take: false,
      code: null,
      giveBack: '',
    });
  });
});

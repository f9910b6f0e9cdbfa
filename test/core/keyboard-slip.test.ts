/** What a scanner in keyboard mode gives on a keyboard that is not its own. */
import { expect, test } from 'vitest';
import { halfWidth, isLayoutSlip } from '../../src/core/keyboard-slip.ts';

test.each([
  ['６９０１２３４５６７８９２', '6901234567892'],
  ['ＣＰ－ＡＵＴＵＭＮ１０', 'CP-AUTUMN10'],
  ['３＊６９０', '3*690'],
  ['（０１）　（１０）', '(01) (10)'],
  // What only looks alike stays: names, kana, the wide yen.
  ['纯棉毛巾', '纯棉毛巾'],
  ['ﾀｵﾙ￥', 'ﾀｵﾙ￥'],
])('%s is %s', (typed, plain) => {
  expect(halfWidth(typed)).toBe(plain);
});

test.each([
  // 6901234567892: a scanner set to French, a keyboard that is US; and the other way round.
  ['^()!@#$%^&*(@', true],
  ['-çà&é"\'(-è_çé', true],
  // Seven signs are no code, and a code has a digit or a letter somewhere.
  ['!@#$%^&', false],
  ['6901234567892', false],
  ['^010690123456789217261231', false],
  ['(01)06901234567892', false],
  ['CP-AUTUMN10', false],
])('%s is typed in another layout: %s', (code, slip) => {
  expect(isLayoutSlip(code)).toBe(slip);
});

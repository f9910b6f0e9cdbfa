/** Which identifiers go together. */
import { expect, test } from 'vitest';
import { readBracketed } from '../../src/core/gs1.ts';
import { pairingFault } from '../../src/core/gs1-pairing.ts';

const GTIN = '(01)09501101530003';

test.each([
  [`${GTIN}(10)A(17)261231(21)X`, null],
  [`${GTIN}(3103)000450(3922)299`, null],
  [`${GTIN}(10)A(10)A`, null],
  [`${GTIN}(10)A(10)B`, 'ai_repeated_with_other_value 24 10'],
  [`${GTIN}(02)09501101530003(37)5`, 'ai_excluded 1 01'],
  [`${GTIN}(3102)000450(3103)000450`, 'ai_excluded 19 3102'],
  ['(10)A', 'ai_required 1 10'],
  [`${GTIN}(3922)299`, 'ai_required 19 3922'],
  [`${GTIN}(250)A`, 'ai_required 19 250'],
  [`${GTIN}(21)X(250)A`, null],
  [`${GTIN}(21)X(8030)abc`, null],
  [`${GTIN}(8030)abc`, 'ai_required 19 8030'],
  ['(255)9501101530003(8030)abc', 'signature_without_serialised_key 1 255'],
  ['(255)95011015300037(8030)abc', null],
  ['(255)9501101530003(3902)500', null],
  ['(255)9501101530003(3902)500(3941)0100', 'ai_excluded 19 3902'],
])('%s: %s', (text, expected) => {
  const read = readBracketed(text);
  expect(read).toMatchObject({ ok: true });
  const fault = read.ok ? pairingFault(read.value) : null;
  expect(fault === null ? null : `${fault.what} ${fault.at} ${fault.ai}`).toBe(expected);
});

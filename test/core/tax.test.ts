/** Tax: what part of a line is tax, and where it is rounded. The numbers are those of DOMAIN 2.8. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AssertionError } from '../../src/core/assert.ts';
import { sumMinor } from '../../src/core/money.ts';
import { computeTax, rateOf, type TaxableLine, type TaxPolicy, type TaxRate } from '../../src/core/tax.ts';
import { aBasket, anItem, aPricedBasket, aStore, aTier } from './builders.ts';

const RATES: TaxRate[] = [
  { code: 'a22', rateBp: 2200 },
  { code: 'b10', rateBp: 1000 },
  { code: 'c20', rateBp: 2000 },
  { code: 'd13', rateBp: 1300 },
  { code: 'e825', rateBp: 825 },
  { code: 'zero', rateBp: 0 },
];
const MODES = ['inclusive', 'exclusive'] as const;
const ROUNDINGS = ['line', 'rate', 'document'] as const;
const POLICIES = MODES.flatMap((mode) =>
  ROUNDINGS.map((rounding): TaxPolicy => ({ mode, rounding, rates: RATES })),
);

const policyOf = (mode: TaxPolicy['mode'], rounding: TaxPolicy['rounding']): TaxPolicy => ({
  mode,
  rounding,
  rates: RATES,
});
const mirrored = (value: number) => (value === 0 ? 0 : -value);

describe('28.90 with 22 % and 1.25 with 10 %, inclusive (odoo#230726 printed 30.14)', () => {
  const lines = [
    { netMinor: 2890, taxCode: 'a22' },
    { netMinor: 125, taxCode: 'b10' },
  ];

  test('per document: net 24.82, tax 5.33, together 30.15', () => {
    const tax = computeTax(lines, policyOf('inclusive', 'document'));
    expect(tax).toMatchObject({ taxMinor: 533, totalMinor: 3015 });
    expect(sumMinor(tax.totals.map((total) => total.baseMinor))).toBe(2482);
  });

  test.each(['rate', 'line'] as const)('per %s: 24.83 + 5.21 + 0.11 = 30.15', (rounding) => {
    const tax = computeTax(lines, policyOf('inclusive', rounding));
    expect(tax.totals).toEqual([
      { taxCode: 'a22', rateBp: 2200, baseMinor: 2369, taxMinor: 521 },
      { taxCode: 'b10', rateBp: 1000, baseMinor: 114, taxMinor: 11 },
    ]);
    expect(tax.totalMinor).toBe(3015);
    expect(sumMinor(tax.totals.map((total) => total.baseMinor))).toBe(2483);
  });
});

describe('16 × 348.35 less 4 % with 22 %, exclusive (odoo#37896)', () => {
  const priced = (rounding: TaxPolicy['rounding']) => {
    const store = aStore({ tax: policyOf('exclusive', rounding) });
    const basket = aBasket([{ item: anItem({ priceMinor: 34_835, taxCode: 'a22' }), qty: 16 }]);
    return aPricedBasket(basket, store, aTier({ discountBp: 400 }));
  };

  test.each([
    ['line', 535_066, 117_715, 652_781],
    ['rate', 535_066, 117_714, 652_780],
    ['document', 535_066, 117_714, 652_780],
  ] as const)('per %s: net %i + tax %i = %i', (rounding, netMinor, taxMinor, totalMinor) => {
    const basket = priced(rounding);
    expect(basket.lines[0]).toMatchObject({ grossMinor: 557_360, netMinor });
    expect(basket).toMatchObject({ taxMinor, totalMinor });
  });
});

test.each(ROUNDINGS)('8.01 with 20 % inclusive stays 8.01, per %s (odoo#34842 showed 8.02)', (rounding) => {
  const tax = computeTax([{ netMinor: 801, taxCode: 'c20' }], policyOf('inclusive', rounding));
  expect(tax).toMatchObject({ taxMinor: 134, totalMinor: 801 });
  expect(tax.totals[0]!.baseMinor).toBe(667);
});

test.each([
  ['inclusive', 'line', 11_300, 1_300, 11_300],
  ['exclusive', 'line', 10_000, 1_300, 11_300],
  ['inclusive', 'line', -11_300, -1_300, -11_300],
  ['exclusive', 'document', -10_000, -1_300, -11_300],
  ['inclusive', 'document', 0, 0, 0],
  ['inclusive', 'rate', 1, 0, 1],
] as const)('13 %% %s per %s of %i is %i, to pay %i', (mode, rounding, netMinor, taxMinor, totalMinor) => {
  const tax = computeTax([{ netMinor, taxCode: 'd13' }], policyOf(mode, rounding));
  expect(tax).toMatchObject({ taxMinor, totalMinor });
});

test('10 × 0.04 with 13 %: 0.10 per line (10 × 0.01), 0.05 per document, given to the first 5 lines', () => {
  const lines = Array.from({ length: 10 }, () => ({ netMinor: 4, taxCode: 'd13' }));
  expect(computeTax(lines, policyOf('exclusive', 'line')).taxMinor).toBe(10);
  const tax = computeTax(lines, policyOf('exclusive', 'document'));
  expect(tax.taxMinor).toBe(5);
  expect(tax.lineTaxMinor).toEqual([1, 1, 1, 1, 1, 0, 0, 0, 0, 0]);
});

test('zero-rated goods take no part of the others’ tax, whatever the rounding', () => {
  const lines = [
    { netMinor: 333, taxCode: 'zero' },
    { netMinor: 333, taxCode: 'd13' },
    { netMinor: 0, taxCode: 'd13' },
  ];
  for (const policy of POLICIES) {
    const { lineTaxMinor } = computeTax(lines, policy);
    expect([lineTaxMinor[0], lineTaxMinor[2]]).toEqual([0, 0]);
  }
});

test('nothing sold has no tax', () => {
  for (const policy of POLICIES) {
    expect(computeTax([], policy)).toEqual({ lineTaxMinor: [], totals: [], taxMinor: 0, totalMinor: 0 });
  }
});

test('a tax code that the store does not have is a bug of the caller', () => {
  expect(() => rateOf(policyOf('inclusive', 'line'), 'e99')).toThrow(AssertionError);
});

describe('an exchange: goods out and goods back in one document, 13 % exclusive', () => {
  const exchange = (...nets: number[]) => nets.map((netMinor) => ({ netMinor, taxCode: 'd13' }));

  test('10.00 out and 5 × 0.50 back: tax is 0.98 of 7.50', () => {
    const tax = computeTax(exchange(1000, -50, -50, -50, -50, -50), policyOf('exclusive', 'document'));
    expect(tax.taxMinor).toBe(98);
    expect(tax.lineTaxMinor).toEqual([131, -7, -7, -7, -6, -6]);
  });

  test('1.00 out and 2 × 0.50 back: tax is 0', () => {
    const tax = computeTax(exchange(100, -50, -50), policyOf('exclusive', 'document'));
    expect(tax).toMatchObject({ taxMinor: 0, totalMinor: 0, lineTaxMinor: [13, -7, -6] });
  });
});

// ---- properties ----

const aLine = fc.record({
  netMinor: fc.integer({ min: -10_000_000, max: 10_000_000 }),
  taxCode: fc.constantFrom(...RATES.map((rate) => rate.code)),
});
const someLines = fc.array(aLine, { maxLength: 25 });

describe.each(POLICIES)('$mode, rounded per $rounding', (policy) => {
  test('line taxes sum to the tax, and so do the totals by rate', () => {
    fc.assert(
      fc.property(someLines, (lines) => {
        const tax = computeTax(lines, policy);
        expect(sumMinor(tax.lineTaxMinor)).toBe(tax.taxMinor);
        expect(sumMinor(tax.totals.map((total) => total.taxMinor))).toBe(tax.taxMinor);
      }),
    );
  });

  test('the total is the sum of the nets, plus the tax when it is exclusive; bases and tax make the total', () => {
    fc.assert(
      fc.property(someLines, (lines) => {
        const tax = computeTax(lines, policy);
        const netMinor = sumMinor(lines.map((line) => line.netMinor));
        expect(tax.totalMinor).toBe(policy.mode === 'inclusive' ? netMinor : netMinor + tax.taxMinor);
        expect(sumMinor(tax.totals.map((total) => total.baseMinor)) + tax.taxMinor).toBe(tax.totalMinor);
      }),
    );
  });

  test('a refund mirrors its sale to the cent', () => {
    fc.assert(
      fc.property(someLines, (lines) => {
        const back = lines.map((line) => ({ ...line, netMinor: mirrored(line.netMinor) }));
        const tax = computeTax(lines, policy);
        const reversed = computeTax(back, policy);
        expect(reversed.lineTaxMinor).toEqual(tax.lineTaxMinor.map(mirrored));
        expect(reversed.taxMinor).toBe(mirrored(tax.taxMinor));
        expect(reversed.totalMinor).toBe(mirrored(tax.totalMinor));
      }),
    );
  });

  test('the tax is within half a cent of exact, per line, rate or document', () => {
    fc.assert(
      fc.property(someLines, (lines) => {
        const tax = computeTax(lines, policy);
        const exact = lines.map((line) => exactTax(line, policy));
        const groups = groupsOf(lines, policy.rounding);
        for (const group of groups) {
          const rounded = sumMinor(group.map((index) => tax.lineTaxMinor[index]!));
          const sum = group.reduce((total, index) => total + exact[index]!, 0);
          expect(Math.abs(rounded - sum)).toBeLessThanOrEqual(0.5 + 1e-6);
        }
      }),
    );
  });

  test('a line’s tax has the sign of its net and is within 1.5 cents of exact, goods coming back too', () => {
    fc.assert(
      fc.property(someLines, (lines) => {
        const tax = computeTax(lines, policy);
        for (const [index, line] of lines.entries()) {
          const lineTax = tax.lineTaxMinor[index]!;
          expect(lineTax === 0 || Math.sign(lineTax) === Math.sign(line.netMinor)).toBe(true);
        }
      }),
    );
  });
});

function exactTax(line: TaxableLine, policy: TaxPolicy): number {
  const rate = rateOf(policy, line.taxCode);
  return (line.netMinor * rate) / (policy.mode === 'inclusive' ? 10_000 + rate : 10_000);
}

function groupsOf(lines: readonly TaxableLine[], rounding: TaxPolicy['rounding']): number[][] {
  const all = lines.map((_, index) => index);
  if (rounding === 'line') return all.map((index) => [index]);
  if (rounding === 'document') return [all];
  return [...Map.groupBy(all, (index) => lines[index]!.taxCode).values()];
}

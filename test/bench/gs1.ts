/**
 * Bench `gs1`: codes as tills meet them, read to their meaning, beside `JSON.parse` of the same codes with their parts as JSON,
 * and beside splitting element strings by a pattern, which checks nothing.
 */
import { readCode } from '../../src/core/barcode.ts';
import { reportOn } from '../../src/core/code-report.ts';
import { bracketed, elementString, type Gs1Element } from '../../src/core/gs1.ts';
import { linkOf } from '../../src/core/gs1-link.ts';
import { checkDigit } from '../../src/core/gtin.ts';
import { seeded } from '../../src/tools/demo-world.ts';
import { aCase, type BenchOptions, type BenchResult, checksumOf, quantile } from './bench.ts';

const SETTING = {
  templates: [
    { pattern: '21IIIIIWWWWWC', decimals: 3 },
    { pattern: '22IIIIIPPPPPC', decimals: 2 },
  ],
  currencyDigits: 2,
  currencyCode: 'CNY',
  yearNow: 2026,
  isPairingChecked: true,
};
const ROUNDS = 7;

export async function gs1({ small }: BenchOptions): Promise<BenchResult> {
  const count = small ? 400 : 20_000;
  const labels = labelsOf(count);
  const plain = labels.map(([first]) => first!.value.slice(1));
  const scanned = labels.map((elements) => `]C1${elementString(elements)}`);
  const links = labels.map((elements) => {
    const link = linkOf(
      elements.map((element) => ({ ...element, at: 0 })),
      'https://id.example',
    );
    return link.ok ? link.value : '';
  });
  const typed = labels.map(bracketed);
  const asJson = labels.map((elements) =>
    JSON.stringify(Object.fromEntries(elements.map(({ ai, value }) => [ai, value]))),
  );
  const read = (codes: readonly string[]) => rateOf(codes, (code) => readCode(code, SETTING).kind.length);
  const parsed = rateOf(asJson, (text) => Object.keys(JSON.parse(text)).length);
  const split = rateOf(scanned, splitOnly);
  const gtins = rateOf(
    plain.map((code) => JSON.stringify({ gtin: code })),
    (text) => Object.keys(JSON.parse(text)).length,
  );
  const line = (name: string, ours: number, other: number, otherName: string) =>
    aCase({ bench: 'gs1', case: name, ours, other, otherName, unit: 'codes/s', better: 'higher' });
  const told = [plain, scanned, links, typed].flatMap((codes) =>
    codes.map((code) => JSON.stringify(readCode(code, SETTING))),
  );
  return {
    input: `${count} articles with 2 to 6 elements, each as EAN-13, element string, Digital Link and label; best of ${ROUNDS}`,
    checksum: checksumOf(told),
    cases: [
      line('EAN-13', read(plain), gtins, 'JSON.parse'),
      line('GS1-128', read(scanned), parsed, 'JSON.parse'),
      line('GS1-128 beside a split', read(scanned), split, 'split by a pattern'),
      line('Digital Link', read(links), parsed, 'JSON.parse'),
      line('bracketed', read(typed), parsed, 'JSON.parse'),
      line(
        'report as JSON',
        rateOf(scanned, (code) => JSON.stringify(reportOn(code, SETTING)).length),
        parsed,
        'JSON.parse',
      ),
    ],
    notes: [
      'the peers split or parse only: they check no digit, no date, no length, no company of identifiers',
    ],
  };
}

/** A pattern for the few identifiers that these labels hold. */
function splitOnly(code: string): number {
  return [
    ...code.slice(3).matchAll(/(01)(\d{14})|(1[1357])(\d{6})|(310\d)(\d{6})|(10|21|392\d)([^\u001d]*)/g),
  ].length;
}

/** @returns codes a second, of the best round: the others were disturbed */
function rateOf(codes: readonly string[], read: (code: string) => number): number {
  const rates: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    let sum = 0;
    for (const code of codes) sum += read(code);
    rates.push((codes.length * 1_000) / Math.max(performance.now() - start, 1e-3));
    if (sum === 0) throw new Error('nothing was read');
  }
  return quantile(rates, 1);
}

function labelsOf(count: number): Gs1Element[][] {
  const random = seeded(20_261_122);
  const digits = (length: number) => Array.from({ length }, () => Math.floor(random() * 10)).join('');
  return Array.from({ length: count }, () => {
    const body = `0690${digits(9)}`;
    const elements: Gs1Element[] = [{ ai: '01', value: body + checkDigit(body) }];
    if (random() < 0.4) {
      elements.push({ ai: '3103', value: digits(6) });
      if (random() < 0.5) elements.push({ ai: '3922', value: digits(4) });
    }
    if (random() < 0.7) elements.push({ ai: '17', value: `27${month(random())}00` });
    elements.push({ ai: '10', value: `L${digits(5)}` });
    if (random() < 0.5) elements.push({ ai: '21', value: digits(12) });
    return elements;
  });
}

function month(chance: number): string {
  return String(1 + Math.floor(chance * 12)).padStart(2, '0');
}

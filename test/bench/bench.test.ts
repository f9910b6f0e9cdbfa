/** Each bench runs on its small input: the shape of its lines, and results that repeat. */
import { describe, expect, test } from 'vitest';
import { embeddedBinaries } from '../../cloud/db/embedded.ts';
import { aCase, type Bench, quantile } from './bench.ts';
import { bootstrap } from './bootstrap.ts';
import { commit } from './commit.ts';
import { consoleBench } from './console.ts';
import { gs1 } from './gs1.ts';
import { importBench } from './import.ts';
import { ingest } from './ingest.ts';
import { lag } from './lag.ts';
import { lookup } from './lookup.ts';
import { memberPageBench } from './member-page.ts';
import { paint } from './paint.ts';
import { peers } from './peers.ts';
import { price } from './price.ts';
import { receipt } from './receipt.ts';
import { restart } from './restart.ts';
import { rfm } from './rfm.ts';
import { scan } from './scan.ts';
import { segment } from './segment.ts';
import { storm } from './storm.ts';
import { wire } from './wire.ts';

test('quantiles of 1..100: p50 is 51, p99 is 100; of nothing 0', () => {
  const samples = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect([quantile(samples, 0.5), quantile(samples, 0.99), quantile([], 0.5)]).toEqual([51, 100, 0]);
});

test('a ratio is ours over other', () => {
  const line = {
    bench: 'x',
    case: 'y',
    ours: 30,
    other: 20,
    otherName: 'peer',
    unit: 'us',
    better: 'lower',
  } as const;
  expect(aCase(line)).toEqual({ ...line, ratio: 1.5 });
});

describe('on the small input', () => {
  const benches: readonly (readonly [string, Bench, number])[] = [
    ['commit', commit, 3],
    ['scan', scan, 4],
    ['lookup', lookup, 8],
    ['gs1', gs1, 6],
    ['price', price, 6],
    ['restart', restart, 1],
    ['receipt', receipt, 2],
    ['rfm', rfm, 15],
    ['segment', segment, 7],
    ['member-page', memberPageBench, 5],
    ['import', importBench, 4],
    ['paint', paint, 4],
    ['console', consoleBench, 3],
    ['ingest', ingest, embeddedBinaries() === null ? 0 : 2],
    ['bootstrap', bootstrap, 3],
    ['wire', wire, 4],
    ['lag', lag, 3],
    ['storm', storm, 3],
    ['peers', peers, embeddedBinaries() === null ? 0 : 1],
  ];
  test.each(benches)(
    '%s tells its cases',
    async (name, bench, casesMin) => {
      const { input, checksum, cases } = await bench({ small: true });
      expect(input).not.toBe('');
      expect(checksum).toMatch(/^[0-9a-f]{16}$/);
      expect(cases.length).toBeGreaterThanOrEqual(casesMin);
      for (const line of cases) {
        expect(line).toMatchObject({
          bench: name,
          case: expect.any(String),
          otherName: expect.any(String),
          unit: expect.any(String),
        });
        expect(line.ours).toBeGreaterThan(0);
        expect(line.ratio / (line.ours / line.other)).toBeCloseTo(1, 2);
        expect(['higher', 'lower']).toContain(line.better);
      }
      // Each is quick on a machine of its own; beside other tests Chromium and PostgreSQL take their time.
    },
    120_000,
  );

  test('a sale costs exactly 1 fsync where strace can count, and at most 2 page writes', async () => {
    const { cases, notes } = await commit({ small: true });
    const of = (name: string) => cases.find((line) => line.case === name)?.ours;
    if (!notes.join().includes('not counted')) expect(of('fsyncs per sale')).toBe(1);
    expect(of('page writes per sale')).toBeLessThanOrEqual(2);
  });
});

import { expect, test } from 'vitest';
import { feedBurst, NO_BURST } from '../../src/ui/burst.ts';

function type(text: string, gapMs: number): string | null {
  let burst = NO_BURST;
  let atMs = 1_000;
  for (const key of text) {
    burst = feedBurst(burst, key, atMs).burst;
    atMs += gapMs;
  }
  return feedBurst(burst, 'Enter', atMs).code;
}

test.each([
  ['6901234567892', 5, '6901234567892'],
  ['M0000000017', 20, 'M0000000017'],
  ['96385074', 10, '96385074'],
  // A person, however fast, leaves more time between keys.
  ['6901234567892', 70, null],
  // An amount is shorter than any trade code.
  ['400', 1, null],
  ['1000.50', 1, null],
])('%s with %i ms between keys is the code %j', (text, gapMs, code) => {
  expect(type(text, gapMs)).toBe(code);
});

test('an amount typed before the scan is no part of the code', () => {
  let burst = NO_BURST;
  for (const [index, key] of [...'40'].entries()) burst = feedBurst(burst, key, index * 150).burst;
  let atMs = 2_000;
  for (const key of '6901234567892') {
    burst = feedBurst(burst, key, atMs).burst;
    atMs += 4;
  }
  expect(feedBurst(burst, 'Enter', atMs).code).toBe('6901234567892');
});

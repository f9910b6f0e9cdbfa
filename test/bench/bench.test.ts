import { expect, test } from 'vitest';
import { BENCHES } from './main.ts';

test.each(Object.keys(BENCHES))(
  'bench %s gives figures above zero, a ratio and a checksum on its small input',
  async (name) => {
    const { cases, checksum, input } = await BENCHES[name]!({ small: true });
    expect(input).not.toBe('');
    expect(checksum).toMatch(/^[0-9a-f]{16}$/);
    expect(cases.length).toBeGreaterThan(0);
    for (const one of cases) {
      expect(one.ours).toBeGreaterThan(0);
      expect(one.other).toBeGreaterThan(0);
      expect(one.ratio).toBeCloseTo(one.ours / one.other, 1);
    }
  },
  60_000,
);

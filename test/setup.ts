/**
 * Before each test file: property tests draw fresh worlds on a developer's machine and the same ones in CI, where a run must
 * mean the commit and not the draw. `FC_SEED=…` repeats a world that failed.
 */
import fc from 'fast-check';

const seed = process.env.FC_SEED ?? (process.env.CI ? '20261122' : undefined);
if (seed !== undefined) fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(seed) });

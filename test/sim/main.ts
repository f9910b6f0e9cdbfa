/**
 * `npm run sim -- --seeds N [--from S] [--jobs J] [--mutant NAME | list] [--trace] [--json]`: the deterministic simulator.
 *
 * The shipping code of three tills and of HQ under one seeded scheduler. Seeds that failed before come first. Exit code 1 when
 * a seed failed; with a mutant that is what is wanted, and the run ends with the first seed that caught it.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import { MUTANTS, mutantByName } from './mutants.ts';
import { runPieces } from './pieces.ts';
import { Bench, Tally } from './run.ts';

/** `kept`: seeds that failed once, run first for good. `mutants`: a seed that catches each. */
interface Kept {
  readonly kept: readonly number[];
  readonly mutants: Readonly<Record<string, number>>;
}

const KEPT_FILE = new URL('./seeds.json', import.meta.url);
const kept = JSON.parse(readFileSync(KEPT_FILE, 'utf8')) as Kept;

function count(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0)
    throw new InvalidArgumentError('a whole number was expected');
  return value;
}

const options = new Command('sim')
  .option('--seeds <n>', 'how many', count, 100)
  .option('--from <s>', 'the first of them; with it the kept seeds are left out', count)
  .option('--jobs <j>', 'so many processes share the seeds', count, 1)
  .option('--mutant <name>', 'switches a known bug on, until a seed catches it; `list` tells them')
  .option('--trace', 'prints the event log of a seed that failed')
  .option('--json', 'the last line is the result as JSON')
  .parse()
  .opts<{ seeds: number; from?: number; jobs: number; mutant?: string; trace?: boolean; json?: boolean }>();

if (options.mutant === 'list') {
  for (const { name, what } of MUTANTS)
    console.log(options.json ? JSON.stringify({ name, what }) : `${name}: ${what}`);
  process.exit(0);
}
const mutant = options.mutant === undefined ? null : mutantByName(options.mutant);
if (options.mutant !== undefined && mutant === null) {
  console.error(`there is no mutant ${options.mutant}: --mutant list tells them`);
  process.exit(2);
}

const from = options.from ?? 1;
const first = options.from === undefined && mutant === null ? kept.kept : [];
const seeds = [...first, ...Array.from({ length: options.seeds }, (_, index) => from + index)];
const tally = new Tally();
const fresh: number[] = [];
const unknown = (seed: number) => mutant === null && !kept.kept.includes(seed);
if (options.jobs > 1 && mutant === null && !options.trace) {
  const failures = await runPieces([...new Set(seeds)], options.jobs, tally);
  fresh.push(...failures.filter(unknown));
} else {
  const bench = await Bench.open();
  try {
    for (const seed of new Set(seeds)) {
      const result = await bench.seed(seed, { mutant, keep: options.trace === true });
      tally.add(result);
      if (result.failure === null) continue;
      console.error(
        `seed ${seed}, event ${result.failure.step}: ${result.failure.invariant}: ${result.what}`,
      );
      if (options.trace === true) console.error([...result.trace.lines, ...result.trace.logs].join('\n'));
      if (mutant !== null) break;
      if (unknown(seed)) fresh.push(seed);
    }
  } finally {
    await bench.close();
  }
}
// A seed that failed is run first from now on; taken off the list by hand only.
if (fresh.length > 0)
  writeFileSync(KEPT_FILE, `${JSON.stringify({ ...kept, kept: [...kept.kept, ...fresh] }, null, 2)}\n`);
const result = tally.result();
if (options.json !== true) {
  console.table(result.faults);
  console.table(result.checks);
  const caught =
    mutant === null ? '' : `; mutant ${mutant.name} ${result.failed > 0 ? 'caught' : 'NOT caught'}`;
  console.log(`${result.seeds} seeds, ${result.failed} failed, ${result.eventsPerSecond} events/s${caught}`);
} else console.log(JSON.stringify(result));
process.exitCode = result.failed > 0 ? 1 : 0;

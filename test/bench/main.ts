/**
 * `npm run bench -- NAME [--json] [--small]`: a benchmark beside its limit or peer, in the same run.
 */
import { Argument, Command } from 'commander';
import { type Bench, machineWords } from './bench.ts';
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

const BENCHES: Readonly<Record<string, Bench>> = {
  commit,
  scan,
  lookup,
  gs1,
  price,
  ingest,
  bootstrap,
  wire,
  lag,
  storm,
  peers,
  restart,
  receipt,
  rfm,
  segment,
  'member-page': memberPageBench,
  import: importBench,
  paint,
  console: consoleBench,
};

const program = new Command('bench')
  .addArgument(new Argument('[name]', 'which; all without').choices(Object.keys(BENCHES)))
  .option('--json', 'one line a case, as JSON')
  .option('--small', 'the small input of the tests')
  .option('--members <number>', 'rfm, segment, import: so many members (1000000, import 100000)', Number)
  .option('--tills <number>', 'storm: so many tills, a fifth of them comes back (10000)', Number)
  .option('--sales <number>', 'storm: so many sales of each till that comes back (200)', Number)
  .parse();
const options = program.opts<{
  json?: boolean;
  small?: boolean;
  members?: number;
  tills?: number;
  sales?: number;
}>();
const [wanted] = program.args;

for (const [name, bench] of Object.entries(BENCHES)) {
  if (wanted !== undefined && wanted !== name) continue;
  const start = performance.now();
  const { input, checksum, cases, notes } = await bench({
    small: options.small === true,
    ...(options.members === undefined ? {} : { members: options.members }),
    ...(options.tills === undefined ? {} : { tills: options.tills }),
    ...(options.sales === undefined ? {} : { sales: options.sales }),
  });
  const seconds = ((performance.now() - start) / 1_000).toFixed(1);
  if (options.json === true) {
    for (const line of cases) console.log(JSON.stringify(line));
    continue;
  }
  console.log(`${name}: ${input}\nmachine: ${machineWords()}; ${seconds} s; result ${checksum}`);
  console.table(
    Object.fromEntries(
      cases.map((line) => [
        line.case,
        {
          ours: line.ours,
          other: line.other,
          unit: line.unit,
          ratio: line.ratio,
          beside: line.otherName,
          better: line.better,
        },
      ]),
    ),
  );
  for (const note of notes) console.log(`  ${note}`);
}

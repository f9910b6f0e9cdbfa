/**
 * `npm run bench -- NAME [--json] [--small]`: figures beside a limit or peer measured in the same run.
 */
import { commitBench } from './commit.ts';
import { ingestBench } from './ingest.ts';
import { priceBench } from './price.ts';
import { type Bench, printResult } from './report.ts';
import { restartBench } from './restart.ts';
import { scanBench } from './scan.ts';

export const BENCHES: Readonly<Record<string, Bench>> = {
  commit: commitBench,
  scan: scanBench,
  price: priceBench,
  ingest: ingestBench,
  restart: restartBench,
};

async function main(args: readonly string[]): Promise<void> {
  const names = args.filter((arg) => !arg.startsWith('--'));
  const unknown = names.find((name) => !Object.hasOwn(BENCHES, name));
  if (unknown !== undefined) {
    process.stderr.write(`there is no bench ${unknown}: ${Object.keys(BENCHES).join(', ')}\n`);
    process.exitCode = 1;
    return;
  }
  for (const name of names.length === 0 ? Object.keys(BENCHES) : names) {
    const startedMs = performance.now();
    const result = await BENCHES[name]!({ small: args.includes('--small') });
    printResult(name, result, performance.now() - startedMs, args.includes('--json'));
  }
}

if (import.meta.main) await main(process.argv.slice(2));

import { Bench } from '/tmp/wt/sim/test/sim/run.ts';
const b = await Bench.open();
const [from, n] = [Number(process.argv[2] ?? 1), Number(process.argv[3] ?? 1)];
for (let s = from; s < from + n; s++) {
  const t = performance.now();
  const r = await b.seed(s, { keep: n === 1 });
  if (n === 1) { console.log(r.trace.lines.join('\n').slice(0, 6000)); console.log(r.trace.logs.join('\n').slice(0,3000)); console.log(r.trace.faults, r.trace.checks); }
  console.log(s, r.failure, r.what?.slice(0, 600), r.events, r.sales, r.kills, r.trace.digest().slice(0,12), Math.round(performance.now() - t), 'ms');
}
await b.close();

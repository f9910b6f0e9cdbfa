/**
 * What must hold at every moment, asked after each event, at each acknowledgement and at each byte of paper.
 */
import type { Down } from '../../src/protocol/down.ts';
import type { SimTill } from './sim-till.ts';
import type { Simulation } from './simulation.ts';

/** I1: what is on paper is in the journal, committed and synced. */
export function checkPaper({ trace }: Simulation, sim: SimTill, bytes: Uint8Array): void {
  const text = Buffer.from(bytes).toString('latin1');
  const numbers = new Set([...text.matchAll(/\bT\d-\d{6}\b/g)].map(([no]) => no));
  const { disk, code } = sim;
  for (const no of numbers) {
    // A hold names another till's receipt only where it brings one back.
    if (!no.startsWith(`${code}-`)) continue;
    const db = disk.db('journal');
    const row = db.prepare('select 1 from journal where text like ?').get(`%"receiptNo":"${no}"%`);
    const durable =
      row !== undefined && !db.inTransaction && db.pragma('synchronous', { simple: true }) === 2;
    trace.check('nothing printed before its entry is durable', durable, () => `${code} printed ${no}`);
  }
}

/** I3: an ack names what HQ has committed. */
export function checkAck({ hq, trace }: Simulation, sim: SimTill, ack: Extract<Down, { t: 'ack' }>): void {
  // A push may be of a journal that was left for another one.
  const most = hq.committedOf(sim.code, 'now');
  trace.check('ack only for what is committed', most >= ack.throughSeq, () => {
    return `${sim.code} is told ${ack.throughSeq}, committed is ${most}`;
  });
  // HQ acknowledges what the till wrote, and nothing that somebody made of it on the way.
  const mine = sim.wentBack || !sim.isUp ? null : sim.till!.journal.hashAt(ack.throughSeq);
  if (mine !== null)
    trace.check(
      'what HQ has is what the till wrote',
      mine === ack.hash,
      () => `${sim.code} ${ack.throughSeq}`,
    );
}

/** How long HQ may take from reading who says hello to its welcome. */
const GREETING_MS = 1_000;

/** A journal that was left for another one goes on only by a word of HQ's people: else two disks would go on as one till. */
export function checkWelcome({ hq, time, trace }: Simulation, sim: SimTill): void {
  if (!sim.isUp) return;
  const { journalId } = sim.till!.journal;
  const leftAtMs = hq.leftAtMs.get(journalId);
  const goesOn =
    leftAtMs === undefined || sim.place.kept === journalId || time.nowMs - leftAtMs < GREETING_MS;
  trace.check('no two disks go on as one till', goesOn, () => `${sim.name}: ${journalId} was left`);
}

/** What a till believes and shows, after each event. */
export function checkTill(simulation: Simulation, sim: SimTill): void {
  const { trace, ledger } = simulation;
  const { link, checkout } = sim.till!;
  const acked = link!.ackedSeq;
  const committed = simulation.hq.committedOf(sim.code, 'ever');
  trace.check('acknowledged at the till is committed at HQ', acked <= committed, () => {
    return `${sim.code} counts ${acked} as acknowledged, committed is ${committed}`;
  });
  const keyNo = simulation.hq.keyNo(sim.till!.identity.cloudKey!);
  trace.check('a till that has followed HQ to a key believes none before it', keyNo >= sim.keyNo, () => {
    return `${sim.name} believes key ${keyNo} after ${sim.keyNo}`;
  });
  sim.keyNo = keyNo;
  const { basket } = checkout;
  if (basket.lines.length === 0) return;
  // Asked of the person, not of the projections: to ask those would bring them up to date before their time.
  const sold = ledger.sales.get(basket.id) === 'done';
  trace.check('what is sold is not open again', !sold, () => `${sim.code} shows basket ${basket.id}`);
}

const zsOf = new WeakMap<Simulation, Map<string, string>>();

/** A Z that HQ has made is what it is, whatever comes later. */
export async function checkZsUnchanged(sim: Simulation): Promise<void> {
  const seen = zsOf.get(sim) ?? new Map<string, string>();
  zsOf.set(sim, seen);
  const rows = await sim.time.really(() =>
    sim.hq.raw.query<{ key: string; z: string }>(
      `select till_id || '/' || shift_id as key, to_jsonb(z)::text as z from shift_z z`,
    ),
  );
  for (const { key, z } of rows) {
    const before = seen.get(key);
    sim.trace.check('a Z never changes', before === undefined || before === z, () => key);
    seen.set(key, z);
  }
}

/**
 * What must hold when everything has come to rest: I1 to I8 over all tills and HQ, each asked of both ends.
 */
import path from 'node:path';
import { canonicalJson, type JournalEntry, verifyChain } from '../../src/core/entry.ts';
import { sumMinor } from '../../src/core/money.ts';
import { imbalanceOf, type Sale } from '../../src/core/sale.ts';
import { foldShift } from '../../src/core/shift-report.ts';
import { openTillDb } from '../../src/till/db.ts';
import { sha256 } from '../../src/till/run.ts';
import { SECRETS } from './cashier.ts';
import { tillIdOf } from './hq.ts';
import { checkBalances } from './invariants-balance.ts';
import { checkPayments } from './invariants-pay.ts';
import { checkFeed, checkProjections } from './invariants-till.ts';
import { checkUses } from './invariants-uses.ts';
import { KEY, type SimTill } from './sim-till.ts';
import type { Simulation } from './simulation.ts';

/** A till's journal as it is on its disk. */
export interface Told {
  readonly sim: SimTill;
  readonly rows: readonly { readonly seq: number; readonly hash: string; readonly text: string }[];
  readonly entries: readonly JournalEntry[];
  readonly sales: readonly { readonly seq: number; readonly sale: Sale }[];
  /** What HQ alone has: of a disk that is gone. */
  readonly beyond: readonly JournalEntry[];
}

export async function checkEnd(sim: Simulation): Promise<void> {
  const journals = await Promise.all(sim.tills.map((till) => told(sim, till)));
  const checks = [
    () =>
      journals.forEach((journal) => {
        checkChain(sim, journal);
      }),
    () => checkBothEnds(sim, journals),
    () => checkRescued(sim),
    () => checkSales(sim, journals),
    () => checkMoney(sim, journals),
    () => checkRefunds(sim, journals),
    () => checkShifts(sim, journals),
    () => checkPoints(sim, journals),
    () => checkPrices(sim),
    () => checkSecrets(sim, journals),
    () =>
      journals.forEach((journal) => {
        checkProjections(sim, journal);
      }),
    () => checkFeed(sim),
    () =>
      checkPayments(
        sim,
        journals.flatMap(allSales).map(({ sale }) => sale),
      ),
    () =>
      checkUses(
        sim,
        journals.flatMap(allSales).map(({ sale }) => sale),
      ),
    () =>
      checkBalances(
        sim,
        journals.flatMap(allSales).map(({ sale }) => sale),
      ),
  ];
  for (const check of checks) {
    await check();
    if (sim.trace.broken !== null) return;
  }
}

async function told(simulation: Simulation, sim: SimTill): Promise<Told> {
  const { journal } = sim.till!;
  const rows = journal.read(1, Number.MAX_SAFE_INTEGER);
  const entries = rows.map(({ text }) => JSON.parse(text) as JournalEntry);
  const atHq = await ask<{ journal_id: string; seq: number; text: string }>(
    simulation,
    'select journal_id, seq, text from journal_entry where till_id = $1 order by seq',
    [tillIdOf(sim.code)],
  );
  const beyond = atHq
    .filter(({ journal_id, seq }) => journal.partOf(seq).journalId !== journal_id)
    .map(({ text }) => JSON.parse(text) as JournalEntry);
  return { sim, rows, entries, sales: salesIn(entries), beyond };
}

/** As HQ calls it. */
const FORK = 'same seq, other bytes';

function salesIn(entries: readonly JournalEntry[]): Told['sales'] {
  return entries.flatMap((entry) => (entry.kind === 'sale' ? [{ seq: entry.seq, sale: entry.body }] : []));
}

/** Of a till, also those of a disk that is gone. */
function allSales({ sales, beyond }: Told): Told['sales'] {
  return [...sales, ...salesIn(beyond)];
}

const ask = <Row>(sim: Simulation, text: string, params: readonly (string | number)[] = []): Promise<Row[]> =>
  sim.time.really(() => sim.hq.raw.query<Row>(text, params));

/** I2: no gap, no change, each entry holds the hash of the one before. */
function checkChain({ trace }: Simulation, { sim, rows }: Told): void {
  const { journal } = sim.till!;
  const ids = { tillId: tillIdOf(sim.code), journalIdAt: (seq: number) => journal.partOf(seq).journalId };
  const walked = verifyChain(sha256, ids, rows);
  trace.check("a till's chain is whole", walked.ok, () => `${sim.code}: ${JSON.stringify(walked)}`);
}

/** I3: HQ holds each (till, seq) once, byte for byte, and nothing else. */
async function checkBothEnds(sim: Simulation, journals: readonly Told[]): Promise<void> {
  const rows = await ask<{ journal_id: string; seq: number; hash: string; text: string }>(
    sim,
    'select journal_id, seq, hash, text from journal_entry order by journal_id, seq',
  );
  const byJournal = Map.groupBy(rows, ({ journal_id }) => journal_id);
  const ours = new Set(sim.places.flatMap(({ journalIds }) => [...journalIds]));
  sim.trace.check(
    'HQ holds no stranger',
    [...byJournal.keys()].every((id) => ours.has(id)),
    () => [...byJournal.keys()].join(),
  );
  for (const { sim: till, rows: mine } of journals) {
    const { journal } = till.till!;
    const theirs = [...till.place.journalIds]
      .flatMap((id) => (byJournal.get(id) ?? []).filter(({ seq }) => journal.partOf(seq).journalId === id))
      .sort((a, b) => a.seq - b.seq);
    const same =
      theirs.length === mine.length &&
      mine.every(({ seq, hash, text }, index) => {
        const row = theirs[index]!;
        return row.seq === seq && row.hash === hash && row.text === text;
      });
    sim.trace.check(
      'chains are equal at both ends',
      same,
      () => `${till.code}: ${mine.length} and ${theirs.length}`,
    );
  }
  const aside = await ask<{ till: string; reason: string; seq: number; told: boolean }>(
    sim,
    `select till_id as till, reason, seq, exists (
       select 1 from till_alert a where a.till_id = q.till_id and a.kind = 'forked') as told from quarantine q`,
  );
  // Two disks that speak as one till in the same moment: what the second one pushed lies aside, and comes again in a journal of its own.
  const twice = new Set(sim.places.filter(({ wentBack }) => wentBack).map(({ code }) => tillIdOf(code)));
  const wrong = aside.filter(({ till, reason, told }) => !(twice.has(till) && reason === FORK && told));
  sim.trace.check('nothing is set aside', wrong.length === 0, () => JSON.stringify(wrong));
}

/** What was on a disk that was taken out is at HQ, byte for byte. */
async function checkRescued(sim: Simulation): Promise<void> {
  for (const { disk, name, code } of sim.retired) {
    const db = openTillDb(path.join(disk.folder, 'journal.db'), 'journal', KEY);
    const texts = db.prepare('select text from journal order by seq').pluck().all() as string[];
    db.close();
    const rows = await ask<{ text: string }>(sim, 'select text from journal_entry where till_id = $1', [
      tillIdOf(code),
    ]);
    const atHq = new Set(rows.map(({ text }) => text));
    const lost = texts.filter((text) => !atHq.has(text)).length;
    sim.trace.check(
      'a rescued disk has nothing that HQ lacks',
      lost === 0,
      () => `${name}: ${lost} of ${texts.length}`,
    );
  }
}

/** Sales lost 0, doubled 0: each payment that was asked for is a sale at most once, each that was seen done exactly once. */
async function checkSales(sim: Simulation, journals: readonly Told[]): Promise<void> {
  const { trace, ledger } = sim;
  const counted = new Map<string, number>();
  for (const journal of journals) {
    for (const { sale } of allSales(journal)) counted.set(sale.id, (counted.get(sale.id) ?? 0) + 1);
  }
  for (const [saleId, known] of ledger.sales) {
    const count = counted.get(saleId) ?? 0;
    trace.check('no sale is lost', known !== 'done' || count > 0 || isGone(sim, saleId), () => saleId);
    // Given up since the disk had forgotten it: it may be at HQ all the same.
    const isGivenUp =
      known === 'gone' && !sim.places.some(({ gone }) => gone.known.has(saleId) || gone.unknown.has(saleId));
    trace.check(
      'no sale is doubled',
      count <= (isGivenUp ? 0 : 1),
      () => `${saleId}: ${known}, ${count} times`,
    );
  }
  for (const id of counted.keys()) {
    trace.check('no sale that nobody paid', ledger.sales.has(id), () => id);
  }
  const rows = await ask<{ sale_id: string }>(sim, 'select sale_id from sale');
  const atHq = new Set(rows.map(({ sale_id }) => sale_id));
  const equal = rows.length === counted.size && [...counted.keys()].every((id) => atHq.has(id));
  trace.check('HQ has each sale once', equal, () => `${counted.size} at the tills, ${rows.length} at HQ`);
  for (const { sim: till, sales } of journals) {
    // A disk that went back numbers on above what HQ has, once it has heard of it.
    if (till.wentBack || till.place.replaced) continue;
    const gapless = sales.every(({ sale }, index) => sale.receiptSeq === index + 1);
    trace.check('receipt numbers have no gap', gapless, () => {
      return `${till.code}: ${sales.map(({ sale }) => sale.receiptSeq).join(' ')}`;
    });
  }
}

/** On a disk that is gone, before HQ had it, or HQ is gone back as well. */
function isGone({ places, hqWentBack }: Simulation, saleId: string): boolean {
  return places.some(({ gone }) => gone.unknown.has(saleId) || (hqWentBack && gone.known.has(saleId)));
}

/** I4 on each sale, and HQ's row says the same money. */
async function checkMoney(sim: Simulation, journals: readonly Told[]): Promise<void> {
  const rows = await ask<{ id: string; total: number; tax: number; paid: number }>(
    sim,
    `select sale_id as id, total_minor as total, tax_minor as tax,
       coalesce((select sum(a) from unnest(tender_amount_minor) as a), 0)::bigint - change_minor as paid from sale`,
  );
  const rowOf = new Map(rows.map((row) => [row.id, row]));
  for (const { sale } of journals.flatMap(allSales)) {
    const problem = imbalanceOf(sale);
    sim.trace.check('money adds up', problem === null, () => `${sale.receiptNo}: ${problem}`);
    const row = rowOf.get(sale.id);
    const paid = sumMinor(sale.tenders.map(({ amountMinor }) => amountMinor)) - sale.changeMinor;
    const same = row?.total === sale.totalMinor && row.tax === sale.taxMinor && row.paid === paid;
    sim.trace.check("HQ's row has the sale's money", same, () => `${sale.receiptNo}: ${JSON.stringify(row)}`);
  }
}

/** Never more back than was sold of a line: at one till never, over tills with an alert at HQ. */
async function checkRefunds(sim: Simulation, journals: readonly Told[]): Promise<void> {
  const lines = new Map<string, { till: string; qty: number; netMinor: number; points: number }>();
  for (const journal of journals) {
    const { sim: till } = journal;
    for (const { sale } of allSales(journal)) {
      for (const [index, line] of sale.lines.entries()) {
        if (line.back !== undefined) continue;
        const points = sale.points?.byLine[index] ?? 0;
        lines.set(`${sale.id}/${line.lineNo}`, {
          till: till.name,
          qty: line.qty,
          netMinor: line.netMinor,
          points,
        });
      }
    }
  }
  const alerts = await ask<{ sale_id: string }>(
    sim,
    "select sale_id from sale_alert where kind = 'over_refund'",
  );
  const told = new Set(alerts.map(({ sale_id }) => sale_id));
  const backs = journals.flatMap((journal) =>
    allSales(journal).flatMap(({ sale }) =>
      sale.lines.flatMap((line, index) =>
        line.back === undefined
          ? []
          : [
              {
                till: journal.sim.name,
                saleId: sale.id,
                line,
                back: line.back,
                points: sale.points?.byLine[index] ?? 0,
              },
            ],
      ),
    ),
  );
  for (const [key, some] of Map.groupBy(backs, ({ back }) => `${back.saleId}/${back.lineNo}`)) {
    const sold = lines.get(key);
    const [saleId = ''] = key.split('/');
    sim.trace.check('what comes back was sold', sold !== undefined || isGone(sim, saleId), () => key);
    if (sold === undefined) continue;
    const here = some.filter(({ till }) => till === sold.till);
    const over = (rows: typeof some) =>
      -sumMinor(rows.map(({ line }) => line.qty)) > sold.qty ||
      -sumMinor(rows.map(({ line }) => line.netMinor)) > sold.netMinor;
    sim.trace.check(
      'one till never pays a line back twice',
      !over(here) || sim.tillOf(sold.till).wentBack,
      () => `${key}: ${here.length} times`,
    );
    // Each till splits the line by itself: of the same units none pays a cent that another has paid.
    const fits = -sumMinor(some.map(({ line }) => line.qty)) <= sold.qty;
    const anyBack = some.some(({ till }) => sim.tillOf(till).wentBack) || sim.tillOf(sold.till).wentBack;
    if (fits && !anyBack)
      sim.trace.check(
        'parts of a line never sum to more than it',
        -sumMinor(some.map(({ line }) => line.netMinor)) <= sold.netMinor,
        () => `${key}: ${some.map(({ line }) => line.netMinor).join(' ')} of ${sold.netMinor}`,
      );
    const known = !over(some) || some.some(({ saleId }) => told.has(saleId));
    sim.trace.check('two tills that pay a line back twice are told of', known, () => key);
    // C19: what was earned on goods is taken back with them, to the point.
    const all = -sumMinor(here.map(({ line }) => line.qty)) === sold.qty && here.length === some.length;
    const { wentBack, place } = sim.tillOf(sold.till);
    // A machine that took another's place knows its receipts by their signature alone.
    if (!all || sold.points === 0 || wentBack || place.replaced) continue;
    const left = sold.points + sumMinor(some.map(({ points }) => points));
    sim.trace.check('goods that came back keep no points', left === 0, () => `${key} keeps ${left}`);
  }
}

/** Each Z is the fold of its shift's entries, at the till and at HQ. */
async function checkShifts(sim: Simulation, journals: readonly Told[]): Promise<void> {
  const rows = await ask<{ shift_id: string; totals: object; differs: string[] }>(
    sim,
    'select shift_id, totals, differs from shift_z',
  );
  const hqOf = new Map(rows.map((row) => [row.shift_id, row]));
  const isClosing = (entry: JournalEntry) => entry.kind === 'shift_closed';
  const closed = journals.flatMap(({ entries, beyond }) => [...entries, ...beyond].filter(isClosing));
  const closings = Map.groupBy(closed, (entry) => (entry.kind === 'shift_closed' ? entry.body.shiftId : ''));
  // On a disk that went back, and before on the one that is gone: the first Z stands.
  const twice = new Set([...closings].filter(([, some]) => some.length > 1).map(([id]) => id));
  for (const { sim: till, entries } of journals) {
    let opened = -1;
    for (const [index, entry] of entries.entries()) {
      if (entry.kind === 'shift_opened') opened = index;
      if (entry.kind !== 'shift_closed') continue;
      const fold = canonicalJson(foldShift(entries.slice(opened, index)));
      const what = () => `${till.code} Z ${entry.body.zNo}`;
      // What the disk forgot may have been closed already, as HQ knows.
      if (till.wentBack && opened < 0) continue;
      sim.trace.check('a Z is the fold of its shift', canonicalJson(entry.body.totals) === fold, what);
      const row = hqOf.get(entry.body.shiftId);
      const same = row !== undefined && row.differs.length === 0 && canonicalJson(row.totals) === fold;
      sim.trace.check("HQ's Z is the till's", same || twice.has(entry.body.shiftId), what);
      sim.trace.check('a shift is open until it is closed', opened >= 0, what);
      opened = -1;
    }
  }
  sim.trace.check('each Z once', rows.length === closings.size, () => `${closings.size} and ${rows.length}`);
}

/** The ledger of points is the sum over the sales, for every member. */
async function checkPoints(sim: Simulation, journals: readonly Told[]): Promise<void> {
  const aliases = await ask<{ alias_id: string; member_id: string }>(
    sim,
    'select alias_id, member_id from member_alias',
  );
  const realOf = new Map(aliases.map(({ alias_id, member_id }) => [alias_id, member_id]));
  const expected = new Map<string, number>();
  const all = journals.flatMap(allSales);
  const buyerOf = new Map(all.map(({ sale }) => [sale.id, sale.memberId]));
  const add = (memberId: string | null, points: number) => {
    if (memberId === null) return;
    const real = realOf.get(memberId) ?? memberId;
    expected.set(real, (expected.get(real) ?? 0) + points);
  };
  // By the sale that earned or spent them.
  const earned = new Map<string, number>();
  const spent = new Map<string, number>();
  const takenBack = new Map<string, number>();
  const givenBack = new Map<string, number>();
  const count = (sums: Map<string, number>, saleId: string, points: number) =>
    sums.set(saleId, (sums.get(saleId) ?? 0) + points);
  for (const { sale } of all) {
    for (const [index, { back }] of sale.lines.entries()) {
      const points = sale.points?.byLine[index] ?? 0;
      if (back === undefined) count(earned, sale.id, points);
      else count(takenBack, back.saleId, -points);
    }
    for (const tender of sale.tenders) {
      if (tender.kind !== 'points') continue;
      if (tender.ofSaleId == null) count(spent, sale.id, tender.points);
      else count(givenBack, tender.ofSaleId, -tender.points);
    }
  }
  for (const { sale } of all) {
    add(sale.memberId, (earned.get(sale.id) ?? 0) - (spent.get(sale.id) ?? 0));
  }
  // Who bought goods that come back loses what was earned on them, whosever card is shown then; and no more than that, though two
  // disks of one till may both have taken the same piece back.
  for (const [saleId, points] of takenBack) {
    add(buyerOf.get(saleId) ?? null, -Math.min(points, earned.get(saleId) ?? 0));
  }
  for (const [saleId, points] of givenBack) {
    add(buyerOf.get(saleId) ?? null, Math.min(points, spent.get(saleId) ?? 0));
  }
  const rows = await ask<{ member_id: string; points: number }>(
    sim,
    'select member_id, sum(points)::bigint as points from points_entry group by member_id',
  );
  const pointsOf = new Map(rows.map(({ member_id, points }) => [member_id, points]));
  for (const memberId of new Set([...expected.keys(), ...pointsOf.keys()])) {
    const [ours, theirs] = [expected.get(memberId) ?? 0, pointsOf.get(memberId) ?? 0];
    const booked =
      ours === theirs
        ? []
        : await ask<{ id: string; points: number }>(
            sim,
            'select entry_id as id, points from points_entry where member_id = $1 order by at, entry_id',
            [memberId],
          );
    sim.trace.check(
      'points are the sum over the sales',
      ours === theirs,
      () =>
        `${memberId}: ${ours}, HQ ${theirs}: ${booked.map(({ id, points }) => `${id} ${points}`).join(', ')}`,
    );
  }
}

/** I6: HQ prices every sale again and comes to the same cent. */
async function checkPrices(sim: Simulation): Promise<void> {
  const rows = await ask<{ kind: string; detail: object }>(
    sim,
    "select kind, detail from sale_alert where kind in ('price_differs', 'rules_unknown', 'return_of_unknown')",
  );
  const unknown = rows.filter(({ kind }) => kind === 'return_of_unknown');
  // Rules that only the HQ knew which was lost: the tills had them, and sold by them.
  const prices = rows.filter(
    ({ kind }) => kind !== 'return_of_unknown' && !(kind === 'rules_unknown' && sim.hqWentBack),
  );
  sim.trace.check('HQ finds no price that differs', prices.length === 0, () => JSON.stringify(prices));
  // Whichever of the two came first.
  const known =
    unknown.length === 0 || sim.places.some(({ gone }) => gone.unknown.size + gone.known.size > 0);
  sim.trace.check('HQ knows what came back', known, () => JSON.stringify(unknown));
}

/** I8: what was typed is nowhere. */
async function checkSecrets(sim: Simulation, journals: readonly Told[]): Promise<void> {
  const shops = journals.flatMap(({ sim: till }) => {
    const db = till.disk.db('shop');
    const tables = db
      .prepare("select name from sqlite_master where type = 'table' and name not like 'sqlite_%'")
      .all() as { name: string }[];
    return tables.map(({ name }) => JSON.stringify(db.prepare(`select * from "${name}"`).all()));
  });
  const places = [
    ...shops,
    ...journals.flatMap(({ rows }) => rows.map(({ text }) => text)),
    ...sim.trace.logs,
  ];
  const secrets = [...SECRETS, ...sim.ledger.payCodes];
  for (const secret of secrets) {
    const found = places.find((text) => text.includes(secret));
    sim.trace.check('no card number or pay code anywhere', found === undefined, () => found!.slice(0, 200));
  }
  // HQ's copy of the journals is byte for byte the tills' (checked above); this is the rest of what it writes.
  const pattern = secrets.join('|');
  const rows = await ask<{ n: number }>(
    sim,
    `select (select count(*) from sale s where to_jsonb(s)::text ~ $1) + (select count(*) from feed_row f
       where f.data::text ~ $1) + (select count(*) from quarantine where text ~ $1) as n`,
    [pattern],
  );
  sim.trace.check('no card number or pay code at HQ', rows[0]!.n === 0, () => 'a row holds one');
}

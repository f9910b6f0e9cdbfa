/**
 * N02: a printer that fails at any byte of a slip. At most one unmarked original comes out, at least one whole slip, and
 * at most one copy that nobody asked for.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openPtyPair } from '../../native/pty.ts';
import type { ReceiptDoc } from '../../src/core/receipt.ts';
import { printBytes } from '../../src/devices/print.ts';
import { type PrinterProfile, printerProfile } from '../../src/devices/printer-profile.ts';
import { VirtualPrinter } from '../../src/devices/virtual-printer.ts';
import { openTillDb, type Sqlite } from '../../src/till/db.ts';
import { Spool, type SpoolTimes } from '../../src/till/spool.ts';
import { FarPrinter } from '../kit/far-printer.ts';
import { type Fault, FaultyPrinter, type PrinterLine, ptyLine, tcpLine } from '../kit/faulty-printer.ts';
import { until } from '../kit/until.ts';

/** About a tenth of the real ones. */
const TIMES: SpoolTimes = {
  retryMs: 3,
  pollMs: 5,
  idleMs: 10_000,
  answerMs: 200,
  proofMs: 400,
  proofByteMs: 0,
  settleMs: 600,
  drainMs: 300,
};

/** With processes between: a printer that is gone is not asked for at once, and an answer takes longer. */
const FAR_TIMES: SpoolTimes = { ...TIMES, retryMs: 100, pollMs: 20, answerMs: 500, proofMs: 1_000 };

/** A picture whose rows are text bytes and command bytes: whoever loses his place in it prints nonsense. */
const LOGO = {
  widthBytes: 3,
  rows: 30,
  bytes: Uint8Array.from({ length: 90 }, (_, index) => (index * 37) % 256),
};

const doc = (copy: boolean): ReceiptDoc => ({
  locale: 'zh-CN',
  openDrawer: !copy,
  blocks: [
    ...(copy ? [{ type: 'text', text: '副本', size: 2 } as const] : []),
    { type: 'text', text: '便民超市', align: 'center' },
    { type: 'pair', left: '农夫山泉 550ml', right: '4.00' },
    { type: 'pair', left: '合计', right: '￥4.00', bold: true },
    { type: 'barcode', data: 'T1-7' },
    { type: 'text', text: '凭证码 8F3A-22C1' },
  ],
});

const slipBytes = (profile: PrinterProfile, copy: boolean) => printBytes(doc(copy), profile, { logo: LOGO });

function paperOf(profile: PrinterProfile, copy: boolean): string {
  const printer = new VirtualPrinter(profile);
  const slips = [...printer.feed(slipBytes(profile, copy)).slips, ...printer.tearOff().slips];
  return slips[0]!.text;
}

let folder: string;
const dbs: Sqlite[] = [];
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'counterfoil-fault-'));
});
afterAll(() => {
  for (const db of dbs) db.close();
  rmSync(folder, { recursive: true, force: true });
});

let opened = 0;
function openDb(): Sqlite {
  // A name of its own each time, so that a test asked again does not meet the file of the first try.
  const db = openTillDb(path.join(folder, `shop-${opened++}.db`), 'shop', new Uint8Array(32).fill(3));
  // The disk is not what is tested here.
  db.pragma('synchronous = off');
  dbs.push(db);
  return db;
}

interface Outcome {
  readonly originals: number;
  readonly copies: number;
  readonly other: readonly string[];
  readonly states: readonly string[];
}

/** One sale's slip at a printer that fails at byte `at`. */
async function printOnce(
  at: number,
  given: { fault: Fault; profile: PrinterProfile; line: PrinterLine | 'far'; db: Sqlite },
): Promise<Outcome> {
  const { fault, profile, line, db } = given;
  const far = line === 'far' ? new FarPrinter(profile, fault, at) : null;
  const printer = far ?? new FaultyPrinter(profile, fault, at);
  if (line !== 'far') line.attach(printer as FaultyPrinter);
  db.exec('delete from print_job');
  db.prepare("insert into print_job (seq, copy, state, queued_at_ms) values (7, 0, 'queued', 0)").run();
  const spool = new Spool({
    db,
    open: line === 'far' ? far!.open : line.open,
    printer: profile,
    render: ({ copy }) => slipBytes(profile, copy),
    onChange: () => {},
    log: () => {},
    times: far === null ? TIMES : FAR_TIMES,
  });
  const isProved = () => states().at(-1) === 'printed';
  const states = () =>
    (db.prepare('select state from print_job order by job_id').all() as { state: string }[]).map(
      ({ state }) => state,
    );
  try {
    spool.poke();
    let quietSince = performance.now();
    let quietLooks = 0;
    await until(
      () => {
        // A hand comes when the till says that one is needed.
        if (spool.state.state === 'stopped') printer.hand();
        const open = states().some((state) => state === 'queued' || state === 'sending');
        if (open || spool.state.state === 'printing') [quietSince, quietLooks] = [performance.now(), 0];
        // Some looks besides the time: on a busy machine both of our clocks may stand still, the spool's and this one.
        quietLooks++;
        return quietLooks > 5 && performance.now() - quietSince > (isProved() ? 15 : TIMES.settleMs + 20);
      },
      `an empty queue (${fault} at byte ${at})`,
      far === null ? 5_000 : 20_000,
    );
  } finally {
    await spool.close();
  }
  // One that stopped before it had said a word looks like one that only listens; a person sees its light.
  printer.hand();
  await printer.tear();
  await (line === 'far' ? far!.close() : line.close());
  const [original, copy] = [paperOf(profile, false), paperOf(profile, true)];
  return {
    originals: printer.slips.filter((text) => text === original).length,
    copies: printer.slips.filter((text) => text === copy).length,
    other: printer.slips.filter((text) => text !== original && text !== copy),
    states: states(),
  };
}

function check(fault: Fault, at: number, outcome: Outcome): void {
  const where = `${fault} at byte ${at}: ${JSON.stringify(outcome)}`;
  expect(outcome.originals, where).toBeLessThanOrEqual(1);
  expect(outcome.copies, where).toBeLessThanOrEqual(1);
  expect(outcome.originals + outcome.copies, where).toBeGreaterThanOrEqual(1);
  // A piece of the original may lie there, all its words even when only the cut is missing: then no original does.
  expect(outcome.other.length, where).toBeLessThanOrEqual(1);
  for (const piece of outcome.other) {
    expect(piece, where).not.toContain('副');
    if (piece.includes('8F3A-22C1')) expect(outcome.originals, where).toBe(0);
  }
  expect(outcome.states, where).not.toContain('unknown');
}

/** Mostly they wait: for an answer that does not come, for a slip to settle. */
const AT_A_TIME = 8;

/** Every byte of the slip and of the questions before and behind it. */
async function atEachByte(
  fault: Fault,
  profileId: string,
  { from, step }: { readonly from: number; readonly step: number },
  makeLine: () => Promise<PrinterLine>,
  look: (outcome: Outcome, at: number) => void = () => {},
): Promise<number> {
  const profile = printerProfile(profileId)!;
  const last = slipBytes(profile, false).length + 12;
  const offsets = Array.from({ length: Math.ceil((last - from) / step) }, (_, index) => from + index * step);
  const count = offsets.length;
  await Promise.all(
    Array.from({ length: AT_A_TIME }, async () => {
      const db = openDb();
      for (let at = offsets.shift(); at !== undefined; at = offsets.shift()) {
        const line = await makeLine();
        const outcome = await printOnce(at, { fault, profile, line, db });
        check(fault, at, outcome);
        look(outcome, at);
      }
    }),
  );
  return count;
}

describe('a printer on TCP that proves what it printed', () => {
  test.each([
    ['pull', 'epson-80-gb18030', 1],
    ['power', 'epson-80-gb18030', 7],
    ['hang', 'epson-80-gb18030', 11],
    ['pull', 'generic-80-gb18030', 7],
  ] as const)('%s, %s, at every byte, step %i', { timeout: 300_000 }, async (fault, profile, step) => {
    // One that never said a word on its line may be one that only listens: before its first answer nobody can tell.
    const from = fault === 'hang' ? 4 : 1;
    const tried = await atEachByte(fault, profile, { from, step }, tcpLine, ({ copies, originals }, at) => {
      // The slip broke off, or nobody knows that it did not: a copy came.
      if (originals === 0) expect(copies, `at ${at}`).toBe(1);
    });
    expect(tried).toBeGreaterThan(480 / step);
  });

  test.each([
    ['paper', 'epson-80-gb18030', 1],
    ['cover', 'generic-80-gb18030', 4],
  ] as const)(
    '%s, %s, at every byte, step %i: exactly one copy',
    { timeout: 300_000 },
    async (fault, profile, step) => {
      const length = slipBytes(printerProfile(profile)!, false).length;
      await atEachByte(fault, profile, { from: 1, step }, tcpLine, (outcome, at) => {
        // What stops before the slip is put right before it begins; the questions before it are 12 bytes at most.
        const during = at > 12 && at < length;
        if (during) expect([outcome.originals, outcome.copies], `at ${at}`).toEqual([1, 1]);
      });
    },
  );
});

describe('other printers', () => {
  test('one that answers at random, one that never answers: one original, and never two', {
    timeout: 60_000,
  }, async () => {
    const profiles = ['epson-80-gb18030', 'generic-80-gb18030', 'generic-58-gb18030', 'star-80-gb18030'];
    const cases = profiles.flatMap((id) =>
      (['noise', 'silent', 'none'] as const).map((fault) => [id, fault] as const),
    );
    await Promise.all(
      cases.map(async ([id, fault]) => {
        const given = { fault, profile: printerProfile(id)!, line: await tcpLine(), db: openDb() };
        const outcome = await printOnce(1, given);
        check(fault, 0, outcome);
        expect(outcome.originals).toBe(1);
        if (fault !== 'noise') expect(outcome.copies).toBe(0);
      }),
    );
  });

  test('what is known of a slip: printed where it is proved, sent where it is not', async () => {
    const stateAt = async (id: string, fault: Fault) =>
      (await printOnce(1, { fault, profile: printerProfile(id)!, line: await tcpLine(), db: openDb() }))
        .states;
    expect(await stateAt('epson-80-gb18030', 'none')).toEqual(['printed']);
    expect(await stateAt('generic-80-gb18030', 'none')).toEqual(['printed']);
    expect(await stateAt('epson-80-gb18030', 'silent')).toEqual(['sent']);
    expect(await stateAt('starline-80-gb18030', 'none')).toEqual(['sent']);
  });

  test('Star, which proves nothing, pulled at every eleventh byte', { timeout: 120_000 }, async () => {
    expect(await atEachByte('pull', 'star-80-gb18030', { from: 1, step: 11 }, tcpLine)).toBeGreaterThan(30);
  });

  test.skipIf(openPtyPair() === null)(
    'a serial printer pulled or out of paper at every 29th byte',
    { timeout: 120_000 },
    async () => {
      for (const fault of ['pull', 'power', 'paper', 'cover'] as const) {
        expect(
          await atEachByte(fault, 'generic-80-gb18030', { from: 1, step: 29 }, async () => ptyLine()!),
        ).toBeGreaterThanOrEqual(19);
      }
    },
  );
});

describe.skipIf(openPtyPair() === null)('a printer behind a driver in a process of its own', () => {
  const profile = printerProfile('generic-80-gb18030')!;
  const far = (fault: Fault, at: number) => printOnce(at, { fault, profile, line: 'far', db: openDb() });

  test('pulled before, in the middle of and behind the slip; out of paper, open, hung: one copy at most, one original at most', {
    timeout: 120_000,
  }, async () => {
    const cases: readonly (readonly [Fault, number])[] = [
      ['pull', 2],
      ['pull', 260],
      ['pull', 470],
      ['paper', 260],
      ['cover', 300],
      ['hang', 200],
    ];
    // Three at a time: each is three processes.
    for (const some of [cases.slice(0, 3), cases.slice(3)]) {
      await Promise.all(some.map(async ([fault, at]) => check(fault, at, await far(fault, at))));
    }
  });

  test('one that answers at random, and one that never answers, print it once', async () => {
    for (const outcome of await Promise.all([far('noise', 1), far('silent', 1)])) {
      check('noise', 0, outcome);
      expect(outcome.originals).toBe(1);
    }
  });
});

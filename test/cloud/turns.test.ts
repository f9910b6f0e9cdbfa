/** Many tills at once: whose push has its turn, who is told meanwhile, and who looks for the feed. */
import { describe, expect, test } from 'vitest';
import { publish } from '../../cloud/feed/feed.ts';
import { FeedDesk } from '../../cloud/ingest/feed-desk.ts';
import { Turns } from '../../cloud/ingest/turns.ts';
import { makeSignals } from '../../cloud/signal.ts';
import { QUICK, withCloud } from '../kit/cloud.ts';
import { aRawTill, type RawTill } from '../kit/raw-till.ts';
import { until } from '../kit/until.ts';

/** So many pushes are worked on at a time. */
const AT_ONCE = 6;

describe('turns', () => {
  const atMs = { now: 0 };
  const turnsNow = () => new Turns({ monotonicMs: () => atMs.now });

  /** Who came, in which order; `name` ends in `!` when it is live. */
  function crowd(turns: Turns, names: readonly string[]) {
    const came: string[] = [];
    const all = names.map((name) => {
      const turn = turns.ask(name.endsWith('!'));
      void turn.come.then((isHere) => isHere && came.push(name));
      return turn;
    });
    return { came, all };
  }

  test('six at a time; the seventh when one is done', async () => {
    const { came, all } = crowd(turnsNow(), [...'abcdefgh']);
    await Promise.all(all.slice(0, AT_ONCE).map(({ come }) => come));
    expect(came.join('')).toBe('abcdef');
    all[2]!.done(1);
    await all[6]!.come;
    expect(came.join('')).toBe('abcdefg');
  });

  test('of those that wait, who sells now goes before a backlog, but of five turns one is the backlog’s', async () => {
    const turns = turnsNow();
    const first = crowd(turns, [...'abcdef']);
    const { came, all } = crowd(turns, ['x', 'y', '1!', '2!', '3!', '4!', '5!', '6!']);
    for (const turn of first.all) turn.done(1);
    await all[4]!.come;
    for (const turn of all) turn.done(1);
    await Promise.all(all.map(({ come }) => come));
    expect(came.join(' ')).toBe('1! 2! 3! 4! x 5! 6! y');
  });

  test('work that can wait goes on when nobody waits for a turn, or when it has waited long enough', async () => {
    const turns = turnsNow();
    const { all } = crowd(turns, [...'abcdef']);
    // Six are worked on, nobody waits.
    await turns.lull(60_000);
    const { all: late } = crowd(turns, ['g', 'h']);
    let rested = false;
    const lull = turns.lull(60_000).then(() => {
      rested = true;
    });
    all[0]!.done(1);
    await late[0]!.come;
    expect(rested).toBe(false);
    await turns.lull(1);
    late[1]!.giveUp();
    await lull;
    expect(rested).toBe(true);
  });

  test('one that gives up waits no more and takes no turn; done twice frees one', async () => {
    const { all } = crowd(turnsNow(), [...'abcdefghij']);
    all[6]!.giveUp();
    expect(await all[6]!.come).toBe(false);
    all[0]!.done(1);
    all[0]!.done(1);
    all[7]!.giveUp();
    expect(await all[7]!.come).toBe(true);
    const late = await Promise.race([all[8]!.come, Promise.resolve('waits')]);
    expect(late).toBe('waits');
  });

  test('2,000 that wait, at 1.5 ms an entry and six at a time: 50 entries each, so that all have had a turn in 25 s', async () => {
    atMs.now = 0;
    const turns = turnsNow();
    expect(turns.entriesMax()).toBe(Number.POSITIVE_INFINITY);
    const first = turns.ask(false);
    await first.come;
    atMs.now = 300;
    first.done(200);
    for (let n = 0; n < 2_000 + AT_ONCE; n++) turns.ask(false);
    expect(turns.entriesMax()).toBe(50);
  });
});

test('while a push waits for its turn behind six, the same till is told so and that the line is up; then it is acknowledged', async () => {
  await withCloud(QUICK, async (cloud) => {
    const tills: RawTill[] = [];
    for (let n = 0; n <= AT_ONCE; n++) tills.push(await aRawTill(cloud));
    const lines = await Promise.all(tills.map((till) => till.connect()));
    let free = () => {};
    const held = new Promise<void>((resolve) => {
      free = resolve;
    });
    const blocked = tills.slice(0, AT_ONCE).map(({ tillId }) => tillId);
    let isLocked = false;
    const locking = cloud.db.transaction(async (tx) => {
      await tx.query('select 1 from till where till_id = any($1::text[]) for update', [blocked]);
      isLocked = true;
      await held;
    });
    await until(() => isLocked, 'the lock');
    const answers = tills.map((till, index) => {
      till.appendSales(3);
      lines[index]!.say(till.pushOf(1));
      return lines[index]!.next();
    });
    const last = lines[AT_ONCE]!;
    last.say({ t: 'ping', unsent: 3 });
    expect(await answers[AT_ONCE]).toMatchObject({ t: 'pong', waits: true });
    free();
    await locking;
    expect(await last.next()).toMatchObject({ t: 'ack', throughSeq: 3 });
    last.say({ t: 'ping', unsent: 0 });
    expect(await last.next()).not.toHaveProperty('waits');
    for (const answer of answers.slice(0, AT_ONCE))
      expect(await answer).toMatchObject({ t: 'ack', throughSeq: 3 });
    await Promise.all(lines.map((line) => line.hangUp()));
  });
});

test('a change for one store wakes the tills of that store, one for all wakes all; who has left is not asked', async () => {
  await withCloud(QUICK, async ({ db }) => {
    const signals = makeSignals();
    const desk = new FeedDesk({ db, signals, log: () => {} });
    const asked: string[] = [];
    const stops = ['S01', 'S01', 'S02', 'S03'].map((storeId, index) =>
      desk.wait({ storeId, answer: async () => void asked.push(`${storeId}.${index}`) }),
    );
    const change = async (storeId: string | null, key: string) => {
      asked.length = 0;
      await db.transaction((tx) => publish(tx, [{ kind: 'till_day', key, storeId, data: { key } }]));
      signals.emit('feed', {});
    };
    const end = async () => {
      const [row] = await db.query<{ pos: number }>('select max(pos) as pos from feed_row');
      return row!.pos;
    };
    expect(desk.hasTold(await end())).toBe(false);
    // The first look knows no place before it.
    await change('S02', 'a');
    await until(() => asked.length === 4, 'all are asked');
    expect(desk.hasTold((await end()) - 1)).toBe(false);
    expect(desk.hasTold(await end())).toBe(true);
    await change('S02', 'b');
    await until(() => asked.length > 0, 'S02 is asked');
    expect(asked).toEqual(['S02.2']);
    signals.emit('went_back', {});
    expect(desk.hasTold(await end())).toBe(false);
    await change('S02', 'b');
    await until(() => asked.length === 4, 'after that it knows no place either');
    await change(null, 'c');
    await until(() => asked.length >= 4, 'all are asked');
    expect(asked.toSorted()).toEqual(['S01.0', 'S01.1', 'S02.2', 'S03.3']);
    stops[0]!();
    await change('S01', 'd');
    await until(() => asked.length > 0, 'S01 is asked');
    expect(asked).toEqual(['S01.1']);
    desk.stop();
  });
});

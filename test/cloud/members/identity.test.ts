/** One person of two members, and back: every sale, point, coupon, value and total stays, in any order of merges. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { putRuleSet } from '../../../cloud/catalog/rules.ts';
import type { Db } from '../../../cloud/db/db.ts';
import { duplicates, keepApart } from '../../../cloud/identity/duplicates.ts';
import { ELSEWHERE, MEMBER_ROWS, noteRungFor } from '../../../cloud/identity/member-rows.ts';
import { mergeMembers } from '../../../cloud/identity/merge.ts';
import { applyRetention, putRetentionRule } from '../../../cloud/identity/retention.ts';
import { unmergeMember } from '../../../cloud/identity/unmerge.ts';
import { balanceOf } from '../../../cloud/leases/balance.ts';
import { grantLease } from '../../../cloud/leases/leases.ts';
import { entryOf, record } from '../../../cloud/loyalty/ledger.ts';
import { proveLedgers } from '../../../cloud/loyalty/ledger-jobs.ts';
import { sayConsents } from '../../../cloud/members/consents.ts';
import { type MemberInput, memberById, putMembers, putTiers } from '../../../cloud/members/members.ts';
import { readMembers } from '../../../cloud/members/store.ts';
import { provePurchases } from '../../../cloud/segments/rollup.ts';
import { ENGINES } from '../../kit/cloud.ts';
import { openTestDb } from '../../kit/db.ts';
import { storeSales } from '../../kit/sale-rows.ts';

const AT = Date.UTC(2026, 10, 21, 9);
const aMember = (id: string, over: Partial<MemberInput> = {}): MemberInput => ({
  id,
  cardNo: `C-${id}`,
  name: `Name ${id}`,
  phone: `1380000${id.replace(/\D/g, '').padStart(4, '0')}`,
  tierId: 'base',
  ...over,
});

describe.each(ENGINES)('on %s', (engine) => {
  let db: Db;
  let now = AT;
  const tick = () => {
    now += 1_000;
    return now;
  };
  beforeAll(async () => {
    db = await openTestDb(engine);
    await putTiers(db, [{ id: 'base', name: 'x', names: {}, rank: 1, discountBp: 0 }], AT);
    await db.query(
      `insert into store values ('S01', '{"currency": {"code": "CNY"}, "timeZone": "Asia/Shanghai"}', now())`,
    );
  });
  afterAll(() => db.close());

  const put = async (...members: MemberInput[]) =>
    expect(await putMembers(db, members, tick())).toMatchObject({ ok: true });
  const merge = (fromId: string, intoId: string) =>
    mergeMembers(db, { fromId, intoId, reason: 'same person', author: 'ann' }, tick());
  const unmerge = (memberId: string) =>
    unmergeMember(db, { memberId, reason: 'two people', author: 'ann' }, tick());
  const earn = (
    holderId: string,
    id: string,
    points: number,
    purse: 'points' | 'value' = 'points',
    saleId: string | null = null,
  ) =>
    db.transaction((tx) =>
      record(
        tx,
        [
          entryOf({
            ...{
              holderId,
              purse,
              id,
              points,
              saleId,
              kind: points < 0 ? 'spend' : purse === 'value' ? 'top_up' : 'earn',
            },
            ...{ atMs: tick(), on: '2026-11-21', currency: purse === 'value' ? 'CNY' : null },
          }),
        ],
        now,
      ),
    );
  const balance = async (holderId: string, purse = 'points') =>
    (
      await db.query<{ n: number }>(
        'select coalesce(sum(balance), 0)::bigint as n from ledger_account where holder_id = $1 and purse = $2',
        [holderId, purse],
      )
    )[0]!.n;
  const salesOf = async (id: string) =>
    (
      await db.query<{ s: string }>('select sale_id as s from sale where member_id = $1 order by sale_id', [
        id,
      ])
    ).map(({ s }) => s);
  const netOf = async (id: string) =>
    (
      await db.query<{ n: number }>(
        'select coalesce(sum(net_minor), 0)::bigint as n from member_purchase where member_id = $1',
        [id],
      )
    )[0]!.n;
  const proved = async () => {
    expect((await provePurchases(db)).differences).toBe(0);
    expect((await proveLedgers(db)).differences).toEqual([]);
  };

  test('two become one and two again: profile, sales, points, value, coupons, tags, events, consents', async () => {
    await put(
      aMember('a1', { gender: 'f', tags: ['vip'], mails: ['a@example.org'] }),
      aMember('b1', { birthday: '05-17', tags: ['tea'], cards: ['C-b1-old'] }),
    );
    await storeSales(db, [
      { id: 'a1-s', memberId: 'a1', on: '2026-11-01', totalMinor: 1_000 },
      { id: 'b1-s', memberId: 'b1', on: '2026-11-02', totalMinor: 2_500 },
    ]);
    await earn('a1', 'a1-s:earn', 10);
    await earn('b1', 'b1-s:earn', 25);
    await earn('b1', 'b1-top', 5_000, 'value');
    await db.query(
      `insert into member_coupon (member_id, coupon_id, template_id, issued_at) values ('b1', 'CP-b1', 'T', now())`,
    );
    await db.query(
      `insert into member_event (member_id, event_id, kind, subject, at, data, origin_id) values ('b1', 'e1', 'click', 'tea', now(), '{}', 'b1')`,
    );
    const said = { purpose: 'marketing', channel: 'sms', textVersion: 'v1', source: 'web' };
    await db.transaction((tx) =>
      sayConsents(tx, [
        { ...said, memberId: 'a1', entryId: 'a1-yes', granted: true, atMs: now },
        { ...said, memberId: 'b1', entryId: 'b1-mail', channel: 'email', granted: true, atMs: now },
      ]),
    );
    const before = await readMembers(db, ['a1', 'b1']);
    expect(await merge('b1', 'a1')).toMatchObject({
      ok: true,
      value: {
        profile: {
          gender: 'f',
          birthday: '05-17',
          cards: ['C-a1', 'C-b1', 'C-b1-old'],
          tags: ['vip', 'tea'],
        },
      },
    });
    expect((await memberById(db, 'b1'))!.id).toBe('a1');
    expect(await readMembers(db, ['b1'])).toEqual(new Map());
    expect([
      await salesOf('a1'),
      await netOf('a1'),
      await balance('a1'),
      await balance('a1', 'value'),
    ]).toEqual([['a1-s', 'b1-s'], 3_500, 35, 5_000]);
    expect(await db.query("select coupon_id from member_coupon where member_id = 'a1'")).toEqual([
      { coupon_id: 'CP-b1' },
    ]);
    expect(await db.query("select tag from member_tag where member_id = 'a1' order by tag")).toEqual([
      { tag: 'tea' },
      { tag: 'vip' },
    ]);
    // Neither of them had said yes to both: nobody may be written to who could not be before.
    expect(await db.query("select channel from member_consent where member_id = 'a1' and granted")).toEqual(
      [],
    );
    await proved();
    // Old ids lead the tills to the survivor, and its row names every card.
    expect(await db.query("select data from feed_row where kind = 'member_alias' and key = 'b1'")).toEqual([
      { data: { memberId: 'a1' } },
    ]);

    // Bought since: for the old id it is its own again, for the survivor it stays.
    await storeSales(db, [
      { id: 'late', memberId: 'a1', on: '2026-11-05', totalMinor: 700 },
      { id: 'own', memberId: 'a1', on: '2026-11-06', totalMinor: 40 },
    ]);
    await noteRungFor(db, [{ saleId: 'late', firstId: 'b1' }]);
    await earn('a1', 'late:earn', 7, 'points', 'late');
    await db.transaction((tx) =>
      sayConsents(tx, [{ ...said, memberId: 'a1', entryId: 'no', granted: false, atMs: tick() }]),
    );
    expect(await unmerge('b1')).toMatchObject({ ok: true });
    const after = await readMembers(db, ['a1', 'b1']);
    for (const id of ['a1', 'b1']) expect(after.get(id)!.profile).toEqual(before.get(id)!.profile);
    expect([await salesOf('a1'), await salesOf('b1')]).toEqual([
      ['a1-s', 'own'],
      ['b1-s', 'late'],
    ]);
    expect([await netOf('a1'), await netOf('b1')]).toEqual([1_040, 3_200]);
    expect([await balance('a1'), await balance('b1'), await balance('b1', 'value')]).toEqual([10, 32, 5_000]);
    expect(await db.query("select member_id from member_coupon where coupon_id = 'CP-b1'")).toEqual([
      { member_id: 'b1' },
    ]);
    expect(await db.query("select member_id from member_event where event_id = 'e1'")).toEqual([
      { member_id: 'b1' },
    ]);
    expect(
      await db.query(
        "select member_id, channel, granted from member_consent where member_id in ('a1', 'b1') order by 1, 2",
      ),
    ).toEqual([
      { member_id: 'a1', channel: 'sms', granted: false },
      { member_id: 'b1', channel: 'email', granted: true },
      // A no that was said while they were one person is both their no.
      { member_id: 'b1', channel: 'sms', granted: false },
    ]);
    expect(await db.query("select data from feed_row where kind = 'member_alias' and key = 'b1'")).toEqual([
      { data: null },
    ]);
    await proved();
  });

  test('points spent since the merge are owed by the survivor when the other takes its own along', async () => {
    await put(aMember('a2'), aMember('b2'));
    await earn('a2', 'a2:earn', 10);
    await earn('b2', 'b2:earn', 100);
    await merge('b2', 'a2');
    await earn('a2', 'spent', -60);
    expect(await balance('a2')).toBe(50);
    await unmerge('b2');
    expect([await balance('a2'), await balance('b2')]).toEqual([-50, 100]);
    await proved();
  });

  test('a limit of two uses is one person’s: what either used or a till holds counts, and goes along when they part', async () => {
    await put(aMember('u1'), aMember('u2'));
    const rule = {
      id: 'twice',
      name: 'x',
      priority: 0,
      mode: 'compound',
      items: { all: true },
      limits: { perMember: 2 },
    };
    const rules = [{ ...rule, reward: { kind: 'amount_off', amountMinor: 100 } }];
    const set = { version: 'twice', policy: { across: 'compound_within' }, rules };
    expect(await putRuleSet(db, set, tick())).toEqual({ ok: true, value: 'twice' });
    await db.query(
      `insert into till (till_id, store_id, code) values ('T1', 'S01', 'T1') on conflict do nothing`,
    );
    const key = (memberId: string) => `rule:twice:${memberId}`;
    const ask = (requestId: string, memberId: string, wanted: number) => {
      const asked = { tillId: 'T1', journalId: 'J', requestId, key: key(memberId), wanted };
      return grantLease(db, { ...asked, purpose: 'visit' }, { leaseId: `lease-${requestId}`, nowMs: tick() });
    };
    const left = (memberId: string) => balanceOf(db, key(memberId));
    // One has used it once, the other's second use is in the hands of a till.
    await db.query(
      `insert into right_balance (key, balance, leased, spent) values ('rule:twice:u1', 1, 0, 1)`,
    );
    expect(await ask('use-1', 'u2', 1)).toMatchObject({ ok: true, value: { amount: 1 } });
    expect([await left('u1'), await left('u2')]).toEqual([1, 2]);
    await merge('u2', 'u1');
    expect(await left('u1')).toBe(0);
    expect(await ask('use-2', 'u1', 1)).toMatchObject({ ok: false, error: { free: 0 } });
    expect(await ask('use-3', 'u2', 1)).toMatchObject({ ok: false, error: { free: 0 } });
    await unmerge('u2');
    expect([await left('u1'), await left('u2')]).toEqual([1, 2]);
    expect(await ask('use-4', 'u1', 2)).toMatchObject({ ok: true, value: { amount: 1 } });
  });

  test('what must not be is refused, and nothing is changed', async () => {
    await put(aMember('a3'), aMember('b3'), aMember('c3'));
    expect(await merge('a3', 'a3')).toMatchObject({ error: { kind: 'same_member' } });
    expect(await merge('ghost', 'a3')).toMatchObject({
      error: { kind: 'unknown_member', memberId: 'ghost' },
    });
    expect(await unmerge('a3')).toMatchObject({ error: { kind: 'not_merged' } });
    await merge('a3', 'b3');
    expect(await merge('b3', 'a3')).toMatchObject({ error: { kind: 'circle', memberId: 'a3', into: 'b3' } });
    expect(await merge('a3', 'c3')).toMatchObject({ error: { kind: 'merged', memberId: 'a3', into: 'b3' } });
    await merge('b3', 'c3');
    expect(await merge('c3', 'a3')).toMatchObject({ error: { kind: 'circle', memberId: 'a3', into: 'c3' } });
    expect(await putMembers(db, [aMember('a3')], now)).toMatchObject({
      error: { kind: 'merged', into: 'c3' },
    });
    await db.query(
      `insert into till (till_id, store_id, code) values ('T1', 'S01', 'T1') on conflict do nothing`,
    );
    await db.query(
      `insert into lease (lease_id, key, till_id, journal_id, request_id, amount, purpose, epoch, until_at, state, granted_at)
       values ('L1', 'points:c3', 'T1', 'J', 'r1', 10, 'visit', 1, now(), 'held', now())`,
    );
    await put(aMember('d3'));
    expect(await merge('c3', 'd3')).toMatchObject({
      error: { kind: 'leases_open', memberId: 'c3', tillIds: ['T1'] },
    });
    expect(await unmerge('b3')).toMatchObject({ error: { kind: 'leases_open', memberId: 'c3' } });
    await db.query("update lease set state = 'closed' where lease_id = 'L1'");
    await put(aMember('e3'), aMember('f3'));
    await earn('e3', 'e3-top', 100, 'value');
    await earn('f3', 'f3-top', 100, 'value');
    await db.query("update ledger_account set currency = 'TWD' where holder_id = 'f3'");
    expect(await merge('e3', 'f3')).toMatchObject({
      error: { kind: 'other_currency', currencies: ['CNY', 'TWD'] },
    });
    expect((await readMembers(db, ['e3', 'f3'])).size).toBe(2);
  });

  test('candidates: a phone written in two ways and the name are 85, a family phone is 45, what was kept apart is not asked again', async () => {
    await put(
      aMember('a4', { name: '林小美', phone: '13811110004', birthday: '1990-05-17' }),
      aMember('b4', { name: '林 小美', phone: '+86 138 1111 0004' }),
      aMember('c4', { name: '林大山', phone: '13811110004', birthday: '1961-02-03' }),
      aMember('d4', { name: '林小美', phone: null, birthday: '05-17' }),
    );
    const found = async (scoreMin: number) => {
      const { pairs } = await duplicates(db, { memberId: 'a4', scoreMin, limit: 20 });
      return pairs.map(({ one, other, score, reasons }) => [one.id, other.id, score, reasons.join()]);
    };
    expect(await found(0)).toEqual([
      ['a4', 'b4', 85, 'phone,name'],
      ['a4', 'c4', 5, 'phone,other_birthday'],
      ['a4', 'd4', 50, 'name_birthday'],
    ]);
    expect(await found(60)).toHaveLength(1);
    await keepApart(db, { oneId: 'b4', otherId: 'a4', author: 'ann' }, now);
    expect(await found(60)).toEqual([]);
  });

  test('retention forgets who bought nothing and said nothing for 24 months, and keeps who has value left', async () => {
    await put(aMember('old1'), aMember('old2'), aMember('old3'), aMember('new1'));
    await db.query("update member set updated_at = '2020-01-01' where member_id like 'old%'");
    await storeSales(db, [{ id: 'old2-s', memberId: 'old2', on: '2026-01-01', totalMinor: 100 }]);
    await earn('old3', 'old3-top', 100, 'value');
    await putRetentionRule(db, { id: 'asleep', afterMonths: 24, who: 'no_consent', active: true }, now);
    expect(await applyRetention(db, '2026-11-21', now)).toEqual({ asleep: 1 });
    expect(await applyRetention(db, '2026-11-21', now)).toEqual({ asleep: 0 });
    expect([...(await readMembers(db, ['old1', 'old2', 'old3', 'new1'])).keys()]).toEqual([
      'new1',
      'old2',
      'old3',
    ]);
    expect(await putMembers(db, [aMember('old1')], now)).toMatchObject({ error: { kind: 'erased' } });
    expect(await putMembers(db, [aMember('fresh', { phone: aMember('old1').phone })], now)).toMatchObject({
      error: { kind: 'suppressed' },
    });
  });

  test('every table with a member in it says what a merge and an erasure do to it', async () => {
    const rows = await db.query<{ t: string }>(
      `select distinct table_name as t from information_schema.columns where table_schema = 'public'
         and (column_name ~ '(^|_)member_id$' or column_name in ('friend_id', 'referrer_id')) order by 1`,
    );
    const known = new Set([...MEMBER_ROWS.map(({ table }) => table), ...Object.keys(ELSEWHERE)]);
    expect(rows.map(({ t }) => t).filter((table) => !known.has(table))).toEqual([]);
    expect(rows.length).toBeGreaterThan(20);
  });

  // One engine is enough: the statements are the same, and the tests above ran them on both.
  test.runIf(engine === 'pglite')(
    'any sequence of merges, un-merges, sales and points keeps what is whose',
    async () => {
      let run = 0;
      const IDS = ['p', 'q', 'r', 's'] as const;
      const id = fc.constantFrom(...IDS);
      const step = fc.oneof(
        fc.record({ do: fc.constant('merge' as const), a: id, b: id }),
        fc.record({ do: fc.constant('unmerge' as const), a: id, b: id }),
        fc.record({ do: fc.constant('buy' as const), a: id, b: id }),
      );
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 9 }), async (steps) => {
          const at = `${++run}`;
          const name = (short: string) => `${short}${at}`;
          await put(
            ...IDS.map((short) =>
              aMember(name(short), { cardNo: `C${short}-${at}`, phone: null, needs: short }),
            ),
          );
          const parent = new Map<string, string>();
          const root = (of: string): string => (parent.has(of) ? root(parent.get(of)!) : of);
          const first = new Map<string, { owner: string; minor: number }>();
          for (const [index, { do: what, a, b }] of steps.entries()) {
            if (what === 'merge') {
              const { ok } = await merge(name(a), name(b));
              expect(ok).toBe(!parent.has(a) && !parent.has(b) && a !== b);
              if (ok) parent.set(a, b);
            } else if (what === 'unmerge') {
              expect((await unmerge(name(a))).ok).toBe(parent.delete(a));
            } else {
              const saleId = `${at}-${index}`;
              first.set(saleId, { owner: a, minor: 100 + index });
              const memberId = name(root(a));
              await storeSales(db, [{ id: saleId, memberId, on: '2026-11-21', totalMinor: 100 + index }]);
              if (root(a) !== a) await noteRungFor(db, [{ saleId, firstId: name(a) }]);
              await earn(memberId, `${saleId}:earn`, 10 + index, 'points', saleId);
            }
          }
          for (const short of IDS) {
            const mine = [...first].filter(([, { owner }]) => root(owner) === short);
            const isLive = root(short) === short;
            expect(await salesOf(name(short))).toEqual(isLive ? mine.map(([saleId]) => saleId).sort() : []);
            expect(await netOf(name(short))).toBe(
              isLive ? mine.reduce((sum, [, { minor }]) => sum + minor, 0) : 0,
            );
            expect(await balance(name(short))).toBe(
              isLive ? mine.reduce((sum, [, { minor }]) => sum + minor - 90, 0) : 0,
            );
            expect((await readMembers(db, [name(short)])).size).toBe(isLive ? 1 : 0);
          }
          // All taken back, everybody is who they were.
          while (parent.size > 0) {
            const [child] = [...parent.keys()] as [string];
            parent.delete(child);
            expect((await unmerge(name(child))).ok).toBe(true);
          }
          const members = await readMembers(db, IDS.map(name));
          for (const short of IDS) {
            expect(members.get(name(short))).toMatchObject({
              own: null,
              profile: { name: `Name ${name(short)}`, needs: short, cards: [`C${short}-${at}`] },
            });
            const own = [...first].filter(([, { owner }]) => owner === short);
            expect(await salesOf(name(short))).toEqual(own.map(([saleId]) => saleId).sort());
            expect(await balance(name(short))).toBe(own.reduce((sum, [, { minor }]) => sum + minor - 90, 0));
          }
        }),
        { numRuns: 12 },
      );
      await proved();
    },
  );
});

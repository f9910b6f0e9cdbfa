/** Segments on both stores: what each condition picks, trees of them, faults with their place, reasons, frozen and dynamic. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Db } from '../../../cloud/db/db.ts';
import {
  countAudience,
  pageOfAudience,
  type Reason,
  readAudience,
  reasonsFor,
  sampleAudience,
} from '../../../cloud/segments/audience.ts';
import {
  addSegment,
  changeSegment,
  dropSegment,
  freezeSegment,
  listSegments,
  refreshSegments,
  segmentAudience,
  segmentById,
  segmentSizes,
} from '../../../cloud/segments/segments.ts';
import { ENGINES } from '../../kit/cloud.ts';
import { openTestDb } from '../../kit/db.ts';
import { insertMembers, insertStores } from '../../kit/figures.ts';
import { storeSales } from '../../kit/sale-rows.ts';

const TODAY = '2026-11-22';
const EVIL = `x' or 1=1; drop table member; -- " \\ %_ $1 {}`;

describe.each(ENGINES)('on %s', (engine) => {
  let db: Db;
  beforeAll(async () => {
    db = await openTestDb(engine);
    await insertStores(db, [{ id: 'S01', region: 'north' }, { id: 'S02' }]);
    await insertMembers(db, [
      {
        id: 'ann',
        tierId: 'gold',
        phone: '8613800000001',
        data: { gender: 'f', residence: '高雄市', birthday: '1990-11-22' },
      },
      { id: 'ben', data: { gender: 'm', residence: '高雄縣', birthday: '2000-02-29' } },
      { id: 'cat', data: { gender: 'f', residence: '台北市', birthday: '11-28' } },
      { id: 'dan', name: EVIL, data: { needs: EVIL, birthday: '1990-02-30' } },
      { id: 'eve', tierId: 'gold', data: { gender: '', birthday: 'soon' } },
    ]);
    await db.query(
      `insert into item values ('TEA', '{"brand": "Leaf", "category": "drink"}', now()),
         ('CUP', '{"brand": "Kiln", "category": "home"}', now())`,
    );
    await db.query(
      `insert into custom_field (field_id, name, type, options, created_at, retired_at, updated_at)
       select id, name, type, options::text[], now(), case when is_gone then now() end, now()
       from (values ('shoe', 'Shoe size', 'number', '{}', false), ('skin', 'Skin', 'choice', '{dry,oily}', false),
         ('likes', 'Likes', 'choices', '{red,blue}', false), ('since', 'Since', 'date', '{}', false),
         ('mail', 'Wants mail', 'boolean', '{}', false), ('limit', 'Credit', 'money', '{}', false),
         ('gone', 'Old one', 'text', '{}', true)) f(id, name, type, options, is_gone)`,
    );
    await db.query(
      `insert into member_field (member_id, field_id, place, text_value, number_value, date_value, boolean_value, updated_at, origin_id)
       select *, now(), member_id from (values
         ('ann', 'shoe', 0, null, 38.5, null::date, null::boolean), ('ben', 'shoe', 0, null, 44, null, null),
         ('ann', 'skin', 0, 'dry', null, null, null), ('ann', 'likes', 0, 'red', null, null, null),
         ('ann', 'likes', 1, 'blue', null, null, null), ('ben', 'likes', 0, 'blue', null, null, null),
         ('cat', 'limit', 0, null, 125000, null, null),
         ('cat', 'since', 0, null, null, '2026-11-01', null), ('cat', 'mail', 0, null, null, null, false)) v(member_id, a, b, c, d, e, f)`,
    );
    await db.query(
      `insert into member_tag (member_id, tag, source, at, origin_id)
       select member_id, tag, source, now(), member_id from (values ('ann', 'vip', 'profile'), ('ann', 'tea', 'profile'),
         ('ann', 'tea', 'manual'), ('ben', 'tea', 'profile'), ('cat', 'vip', 'manual')) t(member_id, tag, source)`,
    );
    await db.query(
      `insert into member_consent values ('ann', 'marketing', 'sms', true, 'v1', now()), ('ben', 'marketing', 'sms', false, 'v1', now()),
         ('cat', 'marketing', 'mail', true, 'v1', now())`,
    );
    await db.query(
      `insert into member_event (member_id, event_id, kind, subject, at, data, origin_id)
       select member_id, event_id, kind, subject, at::timestamptz, '{}', member_id from (values ('ann', '1', 'click', 'tea', '2026-11-20T10:00:00Z'),
         ('ann', '2', 'click', 'tea', '2026-11-21T10:00:00Z'), ('ben', '3', 'click', 'cup', '2026-01-01T10:00:00Z')) e(member_id, event_id, kind, subject, at)`,
    );
    await db.query(
      `insert into member_coupon values ('ann', '1', 'T5', '2026-11-01', '2026-12-01', null), ('ben', '2', 'T5', '2026-10-01', '2026-10-31', null),
         ('cat', '3', 'T9', '2026-10-01', null, '2026-10-05')`,
    );
    await db.query(
      `insert into campaign_contact values ('ann', '1', 'spring', 'sms', '2026-03-01', 'responded'), ('ben', '2', 'spring', 'sms', '2026-03-01', 'sent')`,
    );
    await storeSales(db, [
      {
        id: '1',
        memberId: 'ann',
        on: '2026-11-01',
        storeId: 'S01',
        lines: [{ sku: 'TEA', qty: 2, netMinor: 2000 }],
      },
      {
        id: '2',
        memberId: 'ann',
        on: '2026-11-11',
        storeId: 'S02',
        lines: [{ sku: 'CUP', qty: 1, netMinor: 5000 }],
      },
      {
        id: '3',
        memberId: 'ann',
        on: '2026-11-12',
        storeId: 'S02',
        kind: 'refund',
        lines: [{ sku: 'CUP', qty: -1, netMinor: -5000 }],
      },
      {
        id: '4',
        memberId: 'ben',
        on: '2026-05-26',
        storeId: 'S02',
        lines: [{ sku: 'TEA', qty: 1, netMinor: 1000 }],
      },
      {
        id: '5',
        memberId: 'cat',
        on: '2025-01-01',
        storeId: 'S01',
        lines: [{ sku: 'ODD', qty: 1, netMinor: 77 }],
      },
    ]);
  });
  afterAll(() => db.close());

  const read = async (rule: unknown, currency: string | null = null) =>
    readAudience(db, { rule, currency, asOf: TODAY });
  const picked = async (rule: unknown) => {
    const audience = await read(rule);
    if (!audience.ok) throw new Error(`${audience.error.path}: ${audience.error.message}`);
    const members = await pageOfAudience(db, audience.value, { after: null, limit: 100 });
    expect(await countAudience(db, audience.value)).toBe(members.length);
    // Reasons say the same of each member, one by one.
    for (const id of ['ann', 'ben', 'cat', 'dan', 'eve']) {
      const reason = await reasonsFor(db, audience.value, id);
      expect([id, reason!.holds]).toEqual([id, members.some(({ memberId }) => memberId === id)]);
    }
    return members.map(({ memberId }) => memberId).join(' ');
  };

  const profile = (field: string, op: string, rest: object = {}) => ({
    source: 'profile',
    field,
    op,
    ...rest,
  });
  const rfm = (measure: string, op: string, rest: object = {}) => ({ source: 'rfm', measure, op, ...rest });
  const field = (name: string, op: string, rest: object = {}) => ({
    source: 'field',
    field: name,
    op,
    ...rest,
  });

  test.each<[object, string]>([
    // Profile.
    [profile('gender', 'eq', { value: 'f' }), 'ann cat'],
    [profile('gender', 'ne', { value: 'f' }), 'ben eve'],
    [profile('gender', 'empty'), 'dan eve'],
    [profile('gender', 'in', { values: ['m', 'x'] }), 'ben'],
    [profile('gender', 'not_in', { values: ['m', ''] }), 'ann cat'],
    [profile('residence', 'starts_with', { value: '高雄' }), 'ann ben'],
    [profile('residence', 'contains', { value: '市' }), 'ann cat'],
    [profile('needs', 'contains', { value: 'DROP TABLE' }), 'dan'],
    [profile('needs', 'contains', { value: '%' }), 'dan'],
    [profile('hasPhone', 'is', { value: true }), 'ann'],
    // No 30 February, and yet 36 years.
    [profile('age', 'eq', { value: 36 }), 'ann dan'],
    [profile('age', 'between', { from: 20, to: 30 }), 'ben'],
    [profile('birthMonth', 'in', { values: [11] }), 'ann cat'],
    [profile('daysToBirthday', 'lte', { value: 6 }), 'ann cat'],
    [profile('daysToBirthday', 'eq', { value: 0 }), 'ann'],
    // 29 February is 1 March 2027, and so is "30 February" 2 March.
    [profile('daysToBirthday', 'between', { from: 99, to: 100 }), 'ben dan'],
    // Custom fields.
    [field('shoe', 'gte', { value: 38.5 }), 'ann ben'],
    [field('shoe', 'lt', { value: 38.6 }), 'ann'],
    [field('shoe', 'empty'), 'cat dan eve'],
    [field('skin', 'eq', { value: 'dry' }), 'ann'],
    [field('likes', 'in', { values: ['red'] }), 'ann'],
    [field('likes', 'eq', { value: 'blue' }), 'ann ben'],
    [field('since', 'in_last_days', { days: 21 }), 'cat'],
    [field('since', 'in_last_days', { days: 20 }), ''],
    [field('mail', 'is', { value: false }), 'cat'],
    [field('limit', 'gte', { value: 120_000 }), 'cat'],
    [field('shoe', 'in', { values: [38.5, 44] }), 'ann ben'],
    // Tags, tier, consent.
    [{ source: 'tag', op: 'any', tags: ['vip'] }, 'ann cat'],
    [{ source: 'tag', op: 'all', tags: ['vip', 'tea'] }, 'ann'],
    [{ source: 'tag', op: 'none', tags: ['vip', 'nothing'] }, 'ben dan eve'],
    [{ source: 'tier', in: ['gold'] }, 'ann eve'],
    [{ source: 'consent', purpose: 'marketing', channel: 'sms', granted: true }, 'ann'],
    [{ source: 'consent', purpose: 'marketing', granted: false }, 'ben dan eve'],
    // RFM, cell, lifecycle.
    [rfm('visits', 'gte', { value: 2 }), 'ann'],
    [rfm('visits', 'eq', { value: 0 }), 'dan eve'],
    [rfm('netMinor', 'lte', { value: 1000 }), 'ben cat dan eve'],
    [rfm('averageTicketMinor', 'eq', { value: 1000 }), 'ann ben'],
    [rfm('lastOn', 'in_last_days', { days: 11 }), 'ann'],
    [rfm('daysSinceLast', 'between', { from: 179, to: 180 }), 'ben'],
    [rfm('cycleDays', 'eq', { value: 10 }), 'ann'],
    [rfm('lastOn', 'empty'), 'dan eve'],
    [{ source: 'cell', recency: ['sleeping'] }, 'ben'],
    [{ source: 'cell', recency: ['lost', 'active'], frequency: ['new'] }, 'cat'],
    [{ source: 'lifecycle', in: ['never_bought'] }, 'dan eve'],
    [{ source: 'lifecycle', in: ['sleeping'] }, 'ben cat'],
    [{ source: 'lifecycle', in: ['at_risk', 'repeat'] }, 'ann ben cat'],
    // Purchases.
    [{ source: 'purchase', skus: ['TEA'] }, 'ann ben'],
    [{ source: 'purchase', brands: ['Leaf'], lastDays: 30 }, 'ann'],
    [{ source: 'purchase', categories: ['drink', 'home'], visitsMin: 2 }, 'ann'],
    [{ source: 'purchase', skus: ['CUP'], piecesMin: 1 }, ''],
    [{ source: 'purchase', from: '2025-01-01', to: '2025-12-31' }, 'cat'],
    [{ source: 'purchase', storeIds: ['S02'], netMinorMin: 1000 }, 'ben'],
    // Stores.
    [{ source: 'store', relation: 'home', storeIds: ['S01'] }, 'ann cat'],
    [{ source: 'store', relation: 'bought_at', storeIds: ['S02'] }, 'ann ben'],
    [{ source: 'store', relation: 'home_region', regions: ['north'] }, 'ann cat'],
    [{ source: 'store', relation: 'home_region', regions: [''] }, 'ben'],
    // What reached them.
    [{ source: 'event', kinds: ['click'], lastDays: 2, timesMin: 2 }, 'ann'],
    [{ source: 'event', kinds: ['click'], subjects: ['cup', 'pot'] }, 'ben'],
    [{ source: 'coupon', state: 'open' }, 'ann'],
    [{ source: 'coupon', state: 'expired', templateIds: ['T5'] }, 'ben'],
    [{ source: 'coupon', state: 'used' }, 'cat'],
    [{ source: 'contact', campaignIds: ['spring'], outcomes: ['responded'] }, 'ann'],
    [{ source: 'contact', channels: ['sms'], from: '2026-03-01', to: '2026-03-01' }, 'ann ben'],
    // Trees.
    [{ not: profile('gender', 'eq', { value: 'f' }) }, 'ben dan eve'],
    [{ not: { not: rfm('lastOn', 'before', { value: '2026-01-01' }) } }, 'cat'],
    [{ all: [profile('gender', 'eq', { value: 'f' }), { not: { source: 'tier', in: ['gold'] } }] }, 'cat'],
    [
      {
        any: [
          {
            all: [
              { source: 'lifecycle', in: ['buyer'] },
              { source: 'tag', op: 'any', tags: ['tea'] },
            ],
          },
          { source: 'purchase', skus: ['ODD'] },
        ],
      },
      'ann ben cat',
    ],
    [
      { any: [{ source: 'cell', recency: ['lost'] }, { not: { source: 'purchase', skus: ['TEA'] } }] },
      'cat dan eve',
    ],
  ])('%j picks [%s]', async (rule, members) => {
    expect(await picked(rule)).toBe(members);
  });

  describe('what is wrong is refused with its place', () => {
    const nested = (depth: number): object =>
      depth === 0 ? rfm('visits', 'gte', { value: 1 }) : { not: nested(depth - 1) };
    test.each<[string, unknown, string]>([
      ['no rule at all', null, 'type rule'],
      ['a text', 'members', 'type rule'],
      ['a list', [], 'type rule'],
      ['an empty all', { all: [] }, 'type rule.all'],
      ['all that is no list', { any: {} }, 'type rule.any'],
      ['two at once', { all: [], any: [] }, 'shape rule'],
      ['an unknown word', { none: [] }, 'shape rule'],
      ['an unknown source', { all: [{ source: 'magic' }] }, 'unknown rule.all[0].source'],
      ['a source of the prototype', { source: 'constructor' }, 'unknown rule.source'],
      ['a field of the prototype', profile('constructor', 'eq', { value: 'x' }), 'unknown rule.field'],
      ['text compared with a number', { not: profile('needs', 'eq', { value: 5 }) }, 'type rule.not.value'],
      [
        'a number compared with a text',
        { any: [rfm('visits', 'gte', { value: '2' })] },
        'type rule.any[0].value',
      ],
      ['a date compared with a number', rfm('lastOn', 'on', { value: 20261122 }), 'type rule.value'],
      ['a 31st of February', rfm('lastOn', 'before', { value: '2026-02-31' }), 'shape rule.value'],
      ['text asked whether it is greater', profile('needs', 'gt', { value: 'a' }), 'shape rule.op'],
      ['a list with a number in it', profile('gender', 'in', { values: ['f', 1] }), 'type rule.values[1]'],
      ['an empty list', profile('gender', 'in', { values: [] }), 'shape rule.values'],
      ['a NUL', profile('needs', 'eq', { value: 'a\u0000b' }), 'shape rule.value'],
      ['a word too many', { source: 'tier', in: ['gold'], extra: 1 }, 'shape rule.extra'],
      ['a custom field that is not there', field('hat', 'eq', { value: 1 }), 'unknown rule.field'],
      ['a retired custom field', field('gone', 'eq', { value: 'x' }), 'unknown rule.field'],
      ['a custom number compared with a text', field('shoe', 'eq', { value: '38' }), 'type rule.value'],
      ['a choice that is none', field('skin', 'in', { values: ['dry', 'wet'] }), 'unknown rule.values[1]'],
      ['a cell that is none', { source: 'cell', recency: ['bored'] }, 'shape rule.recency[0]'],
      ['a cell of nothing', { source: 'cell' }, 'shape rule'],
      ['minus days', { source: 'purchase', lastDays: -1 }, 'shape rule.lastDays'],
      ['half a visit', { source: 'purchase', visitsMin: 1.5 }, 'type rule.visitsMin'],
      ['nine deep', nested(8), 'too_deep rule.not.not.not.not.not.not.not.not'],
      [
        '201 nodes',
        { any: Array.from({ length: 200 }, () => rfm('visits', 'gte', { value: 1 })) },
        'too_large rule.any[199]',
      ],
    ])('%s', async (_why, rule, expected) => {
      const audience = await read(rule);
      expect(audience.ok ? 'ok' : `${audience.error.kind} ${audience.error.path}`).toBe(expected);
    });

    test('eight deep and 200 nodes are taken; 100,000 deep does not fell HQ', async () => {
      expect((await read(nested(7))).ok).toBe(true);
      const wide = { any: Array.from({ length: 199 }, () => rfm('visits', 'gte', { value: 1 })) };
      expect(await picked(wide)).toBe('ann ben cat');
      const deep = JSON.parse(`${'{"not":'.repeat(100_000)}null${'}'.repeat(100_000)}`);
      expect(await read(deep)).toMatchObject({ error: { kind: 'too_deep' } });
    });

    test('a chain with two currencies asks which one, only where purchases are asked for', async () => {
      const other = await openTestDb(engine);
      try {
        await insertStores(other, [{ id: 'S01' }, { id: 'S02', currency: 'TWD' }]);
        const ask = (rule: object, currency: string | null) =>
          readAudience(other, { rule, currency, asOf: TODAY });
        expect(await ask({ all: [rfm('visits', 'gte', { value: 1 })] }, null)).toMatchObject({
          error: { kind: 'currency_needed', path: 'rule.all[0]' },
        });
        expect((await ask(rfm('visits', 'gte', { value: 1 }), 'TWD')).ok).toBe(true);
        expect((await ask({ source: 'tier', in: ['gold'] }, null)).ok).toBe(true);
      } finally {
        await other.close();
      }
    });
  });

  test('a text of evil in every place where a text may stand picks nobody it should not, and drops no table', async () => {
    const everywhere: object[] = [
      ...['eq', 'contains', 'starts_with'].map((op) => profile('residence', op, { value: EVIL })),
      profile('gender', 'in', { values: [EVIL] }),
      { source: 'tier', in: [EVIL] },
      ...['any', 'all'].map((op) => ({ source: 'tag', op, tags: [EVIL, "'; --"] })),
      { source: 'consent', purpose: EVIL, channel: EVIL, granted: true },
      { source: 'segment', segmentId: EVIL },
      { source: 'purchase', skus: [EVIL], brands: [EVIL], categories: [EVIL], storeIds: [EVIL] },
      { source: 'store', relation: 'home', storeIds: [EVIL] },
      { source: 'store', relation: 'home_region', regions: [EVIL] },
      { source: 'event', kinds: [EVIL], subjects: [EVIL] },
      { source: 'coupon', state: 'open', templateIds: [EVIL] },
      { source: 'contact', campaignIds: [EVIL], channels: [EVIL], outcomes: [EVIL] },
    ];
    for (const rule of everywhere) expect(await picked(rule), JSON.stringify(rule)).toBe('');
    expect(await picked({ any: everywhere })).toBe('');
    for (const rule of [
      profile(EVIL, 'eq', { value: 'x' }),
      rfm(EVIL, 'eq', { value: 1 }),
      field(EVIL, 'eq', { value: 1 }),
      { source: EVIL },
    ]) {
      expect((await read(rule)).ok).toBe(false);
    }
    expect(await picked(profile('needs', 'eq', { value: EVIL }))).toBe('dan');
    expect(await db.query('select count(*)::int as n from member')).toEqual([{ n: 5 }]);
  });

  test('reasons say why, node by node, with what the member has', async () => {
    const audience = await read({
      all: [
        profile('gender', 'eq', { value: 'f' }),
        { any: [rfm('visits', 'gte', { value: 3 }), { source: 'cell', recency: ['lost'] }] },
        { not: { source: 'tag', op: 'any', tags: ['vip'] } },
      ],
    });
    if (!audience.ok) throw new Error('reads');
    const reason = await reasonsFor(db, audience.value, 'cat');
    const lines = (node: Reason): string[] => [
      `${node.path} ${node.holds ? 'yes' : 'no'}${node.actual === null ? '' : `: ${node.actual}`}`,
      ...node.of.flatMap(lines),
    ];
    expect(lines(reason!)).toEqual([
      'rule no',
      'rule.all[0] yes: f',
      'rule.all[1] yes',
      'rule.all[1].any[0] no: 1',
      'rule.all[1].any[1] yes: lost new',
      'rule.all[2] no',
      'rule.all[2].not yes: vip',
    ]);
    expect(await reasonsFor(db, audience.value, 'nobody')).toBeNull();
  });

  test('a sample is the same for the same seed, another for another, and all of them when there are few', async () => {
    const audience = await read({ any: [{ source: 'tier', in: ['gold', 'base'] }] });
    if (!audience.ok) throw new Error('reads');
    const ids = async (limit: number, seed: string) =>
      (await sampleAudience(db, audience.value, { limit, seed })).map(({ memberId }) => memberId);
    expect(await ids(3, 'a')).toEqual(await ids(3, 'a'));
    expect((await ids(100, 'a')).toSorted()).toEqual(['ann', 'ben', 'cat', 'dan', 'eve']);
    expect(await ids(5, 'a')).not.toEqual(await ids(5, 'b'));
  });

  describe('saved', () => {
    const now = { today: TODAY, atMs: Date.parse('2026-11-22T10:00:00Z') };
    const draft = { name: 'Gold', note: '', rule: { source: 'tier', in: ['gold'] }, currency: null };

    test('a dynamic one follows its rule, a frozen one keeps who it had; sizes are kept by day', async () => {
      expect(await addSegment(db, 'g1', draft, now)).toMatchObject({
        ok: true,
        value: { kind: 'dynamic', revision: 1 },
      });
      await addSegment(db, 'g2', { ...draft, name: 'Gold in November' }, now);
      expect(await refreshSegments(db, now)).toEqual({ counted: 2, failed: [] });
      expect(await freezeSegment(db, 'g2', now)).toMatchObject({
        ok: true,
        value: { kind: 'frozen', revision: 2 },
      });
      await db.query("update member set tier_id = 'gold' where member_id = 'cat'");
      const later = { today: '2026-11-23', atMs: now.atMs + 86_400_000 };
      await refreshSegments(db, later);
      await refreshSegments(db, later);
      await db.query("update member set tier_id = 'base' where member_id = 'cat'");
      expect(await segmentSizes(db, 'g1')).toEqual([
        { on: '2026-11-22', members: 2 },
        { on: '2026-11-23', members: 3 },
      ]);
      expect((await segmentSizes(db, 'g2')).map(({ members }) => members)).toEqual([2, 2]);
      const frozen = await segmentAudience(db, (await segmentById(db, 'g2'))!, TODAY);
      expect(frozen.ok && (await countAudience(db, frozen.value))).toBe(2);
      expect(await picked({ not: { source: 'segment', segmentId: 'g2' } })).toBe('ben cat dan');
      // Again: nothing changes.
      expect(await freezeSegment(db, 'g2', now)).toMatchObject({ ok: true, value: { revision: 2 } });
    });

    test('of two who edit one segment the second is told; a taken name, a bad rule and a frozen rule are refused', async () => {
      const change = (id: string, revision: number, over: object) =>
        changeSegment(db, id, revision, { ...draft, ...over }, now);
      expect(await change('g1', 1, { note: 'mine' })).toMatchObject({
        ok: true,
        value: { revision: 2, note: 'mine' },
      });
      expect(await change('g1', 1, { note: 'yours' })).toEqual({
        ok: false,
        error: { kind: 'changed', revision: 2 },
      });
      expect(await change('g1', 2, { name: 'Gold in November' })).toMatchObject({
        error: { kind: 'name_taken' },
      });
      expect(await change('g1', 2, { rule: { all: [] } })).toMatchObject({ error: { kind: 'rule' } });
      expect(await change('none', 1, {})).toMatchObject({ error: { kind: 'unknown_segment' } });
      expect(await change('g2', 2, { rule: { source: 'tier', in: ['base'] } })).toMatchObject({
        error: { kind: 'frozen' },
      });
      expect(await change('g2', 2, { name: 'Gold, autumn' })).toMatchObject({
        ok: true,
        value: { revision: 3 },
      });
      expect(await addSegment(db, 'g3', draft, now)).toMatchObject({ error: { kind: 'name_taken' } });
      expect((await listSegments(db)).map(({ name }) => name)).toEqual(['Gold', 'Gold, autumn']);
    });

    test('a segment whose custom field is retired is told by the refresh, the others are counted', async () => {
      await addSegment(db, 'g4', { ...draft, name: 'Feet', rule: field('shoe', 'gte', { value: 40 }) }, now);
      await db.query("update custom_field set retired_at = now() where field_id = 'shoe'");
      expect(await refreshSegments(db, now)).toMatchObject({
        counted: 2,
        failed: [{ segmentId: 'g4', problem: { path: 'rule.field' } }],
      });
      expect([await dropSegment(db, 'g4'), await dropSegment(db, 'g4')]).toEqual([true, false]);
    });
  });
});

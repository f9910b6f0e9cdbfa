/** Members on disk: written whole, found by blind indexes, and nothing of them in clear. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Db } from '../../../cloud/db/db.ts';
import { migrate } from '../../../cloud/db/migrate.ts';
import { feedAfter } from '../../../cloud/feed/feed.ts';
import { consentWords } from '../../../cloud/members/consents.ts';
import { memberById, putMembers, putTiers } from '../../../cloud/members/members.ts';
import { searchMembers } from '../../../cloud/members/search.ts';
import { readMembers } from '../../../cloud/members/store.ts';
import { suppress, suppressible } from '../../../cloud/members/suppression.ts';
import { sealOld } from '../../../cloud/members/unsealed.ts';
import { ENGINES } from '../../kit/cloud.ts';
import { aVaultOn, openBareDb, openTestDb } from '../../kit/db.ts';
import { everyRow } from '../../kit/rows.ts';

const AT = Date.UTC(2026, 10, 21, 9);
const TIER = { id: 'base', name: '会员', names: {}, rank: 1, discountBp: 0 };
const WHOLE = {
  id: 'whole',
  cardNo: 'C-7001',
  name: '欧阳雨桐',
  phone: '+86 138-0000-4321',
  tierId: 'base',
  birthday: '1990-05-17',
  tags: ['敏感肌'],
  cards: ['C-7002'],
  phones: ['0912345678'],
  mails: ['Yutong@Example.org'],
  gender: 'f',
  residence: '高雄市',
  address: '前镇区中山路 88 号',
  preferredPayment: 'wallet',
  needs: '保湿',
  purchaseMotive: 'gift',
  homeStoreId: 'S01',
  householdId: 'H-9',
  note: '怕吵',
};
const SECRETS = [
  '欧阳雨桐',
  '13800004321',
  '0912345678',
  'yutong@example.org',
  'C-7001',
  'C-7002',
  '中山路',
  '怕吵',
];

describe.each(ENGINES)('on %s', (engine) => {
  let db: Db;
  const put = (members: readonly Parameters<typeof putMembers>[1][number][], atMs = AT) =>
    putMembers(db, members, atMs);
  const told = async (id: string) => {
    const { rows } = await feedAfter(db, { storeId: 'S01', cursor: 0, rowsMax: 1_000 });
    return rows.find(({ kind, key }) => kind === 'member' && key === id)?.data as Record<string, unknown>;
  };
  beforeAll(async () => {
    db = await openTestDb(engine);
    await putTiers(db, [TIER], AT);
    expect(await put([WHOLE])).toEqual({ ok: true, value: 1 });
  });
  afterAll(() => db.close());

  test('every field comes back as it was written, the primary ones first', async () => {
    const { profile, revision } = (await readMembers(db, ['whole'])).get('whole')!;
    const { id: _, cardNo: __, phone: ___, tierId: ____, ...rest } = WHOLE;
    expect(profile).toEqual({
      ...rest,
      cards: ['C-7001', 'C-7002'],
      phones: ['8613800004321', '0912345678'],
      mails: ['yutong@example.org'],
    });
    expect(revision).toBe(1);
    expect(await told('whole')).toMatchObject({
      cardNo: 'C-7001',
      moreCards: ['C-7002'],
      phone: '8613800004321',
      initials: 'oyyt',
      birthday: '1990-05-17',
    });
  });

  test('no row of any table holds a name, phone, mail, card, address or note in clear', async () => {
    const rows = await everyRow(db);
    expect(rows.length).toBeGreaterThan(10);
    for (const secret of SECRETS) {
      expect(rows.filter((row) => row.toLowerCase().includes(secret.toLowerCase()))).toEqual([]);
    }
    // What is in clear, so that segments can ask: it names nobody.
    const [row] = await db.query<{ data: object }>("select data from member where member_id = 'whole'");
    expect(Object.keys(row!.data).sort()).toEqual([
      'birthday',
      'gender',
      'hasMail',
      'hasPhone',
      'homeStoreId',
      'householdId',
      'needs',
      'preferredPayment',
      'purchaseMotive',
      'residence',
      'tags',
    ]);
  });

  test('the same again changes nothing and tells no till; one field more is one revision more', async () => {
    const head = async () => (await db.query<{ at: number }>('select max(pos) as at from feed_row'))[0]!.at;
    const before = await head();
    await put([WHOLE], AT + 1);
    expect(await head()).toBe(before);
    await put([{ ...WHOLE, needs: '控油' }], AT + 2);
    expect(await head()).toBeGreaterThan(before);
    const { profile, revision } = (await readMembers(db, ['whole'])).get('whole')!;
    expect([profile.needs, profile.residence, revision]).toEqual(['控油', '高雄市', 2]);
  });

  test.each([
    [{ cardNo: 'C-7002' }, 'card_taken', { cardNo: 'C-7002' }],
    [{ cardNo: 'c-7002' }, 'card_taken', { cardNo: 'c-7002' }],
    [{ tierId: 'ghost' }, 'unknown_tier', { tierId: 'ghost' }],
    [{ birthday: '1990-02-30' }, 'bad_value', { path: 'birthday' }],
    [{ phone: 'call me' }, 'bad_value', { path: 'phones[0]' }],
    [{ phones: ['13800001111', '12'] }, 'bad_value', { path: 'phones[1]' }],
    [{ mails: ['a@b', 'a@example.org'] }, 'bad_value', { path: 'mails[0]' }],
  ])('%o is refused as %s and nothing of the batch is stored', async (over, kind, more) => {
    const good = { id: 'good', cardNo: 'G', name: 'Good', phone: null, tierId: 'base' };
    const bad = { id: 'bad', cardNo: 'B', name: 'Bad', phone: null, tierId: 'base', ...over };
    expect(await put([good, bad])).toEqual({
      ok: false,
      error: expect.objectContaining({ kind, memberId: 'bad', ...more }),
    });
    expect(await memberById(db, 'good')).toBeNull();
  });

  describe('search', () => {
    beforeAll(async () => {
      const names = ['王小芳', '王芳', '黄小芳', '李建国', 'Emma Clarke', 'Clara Em', '单晓明'];
      await put(
        names.map((name, index) => ({
          id: `s-${index}`,
          cardNo: `S${index}`,
          name,
          phone: `1390000000${index}`,
          tierId: 'base',
        })),
      );
    });
    test.each([
      [{ name: '王芳' }, '王芳'],
      [{ name: '小芳' }, '王小芳 黄小芳'],
      [{ name: 'wxf' }, '王小芳'],
      [{ name: 'WX' }, '王小芳'],
      [{ name: '王x' }, '王小芳'],
      [{ name: 'clar' }, 'Clara Em Emma Clarke'],
      [{ name: 'emma cl' }, 'Emma Clarke'],
      [{ name: '芳小' }, ''],
      [{ name: '王' }, ''],
      [{ phone: '139 0000 0003' }, '李建国'],
      [{ phone: '+86 13900000003' }, '李建国'],
      [{ phone: '008613900000003' }, '李建国'],
      [{ phone: '912345678' }, ''],
      [{ phone: '+886 912 345 678' }, '欧阳雨桐'],
      [{ phone: '0912345678' }, '欧阳雨桐'],
      [{ card: 's4' }, 'Emma Clarke'],
      [{ mail: 'YUTONG@example.org ' }, '欧阳雨桐'],
      [{ phone: '13900000009' }, ''],
    ])('%o finds %s', async (asked, expected) => {
      const found = await searchMembers(db, { ...asked, limit: 20 });
      expect(
        found
          .map(({ profile }) => profile.name)
          .sort()
          .join(' '),
      ).toBe(expected);
    });
  });

  test('a number of somebody who was erased is refused with its place, however it is written', async () => {
    const gone = {
      id: 'x',
      cardNo: 'X',
      name: 'X',
      phone: '13700001234',
      tierId: 'base',
      mails: ['x@example.org'],
    };
    await put([gone]);
    const blinds = await suppressible(db, (await readMembers(db, ['x'])).get('x')!.profile);
    expect(await suppress(db, blinds, { reason: 'erased', atMs: AT })).toBe(2);
    const fresh = { id: 'y', cardNo: 'Y', name: 'Y', phone: '13900001111', tierId: 'base' };
    for (const [over, path] of [
      [{ phone: '+86 137 0000 1234' }, 'phones[0]'],
      [{ phones: ['8613700001234'] }, 'phones[1]'],
      [{ mails: ['ok@example.org', 'X@EXAMPLE.ORG'] }, 'mails[1]'],
    ] as const) {
      expect(await put([{ ...fresh, ...over }])).toMatchObject({
        error: { kind: 'suppressed', memberId: 'y', path },
      });
    }
  });

  test('consents are words that are only added; the newest holds, whatever comes late', async () => {
    const word = (entryId: string, granted: boolean, at: number) => ({
      ...{ entryId, granted, purpose: 'marketing', channel: 'sms', textVersion: 'v1', source: 'web' },
      atMs: AT + at,
    });
    const holds = async () =>
      db.query("select granted from member_consent where member_id = 'whole' and purpose = 'marketing'");
    await put([{ ...WHOLE, consents: [word('1', true, 1_000), word('2', false, 2_000)] }]);
    expect(await holds()).toEqual([{ granted: false }]);
    await put([{ ...WHOLE, consents: [word('3', true, 1_500), word('2', true, 9_000)] }]);
    expect(await holds()).toEqual([{ granted: false }]);
    await put([{ ...WHOLE, consents: [word('4', true, 3_000)] }]);
    expect(await holds()).toEqual([{ granted: true }]);
    expect((await consentWords(db, 'whole')).map(({ entryId }) => entryId)).toEqual(['1', '3', '2', '4']);
  });
});

test.each(ENGINES)(
  'on %s: what a database had in clear before the vault is sealed at the start, once',
  async (engine) => {
    const plain = await openBareDb(engine);
    try {
      await migrate(plain, 59);
      await plain.query(`insert into tier values ('base', '{}', now())`);
      await plain.query(
        `insert into member values ('old', 'C-1', '欧阳雨桐', '13800004321', 'base',
         '{"id": "old", "name": "欧阳雨桐", "phone": "13800004321", "gender": "f", "birthday": "05-17", "email": "A@example.org",
           "consents": [{"purpose": "membership", "channel": "till", "granted": true, "textVersion": "1", "atMs": 5}]}', now())`,
      );
      await plain.query(
        `insert into feed_row values ('member', 'old', '', nextval('feed_pos'), '{"name": "欧阳雨桐"}')`,
      );
      await plain.query(`insert into personal values ('p1', 't1', 'ab', '{"name":"欧阳雨桐"}', now())`);
      await plain.query(
        `insert into journal_entry values ('j', 1, 't1', 'member_enrolled', 'h',
         '{"body": {"memberId": "old", "personalId": "p1"}}', now())`,
      );
      await migrate(plain);
      const db = await aVaultOn(plain);
      expect(await sealOld(db, AT)).toEqual({ members: 1, enrolments: 1 });
      expect(await sealOld(db, AT)).toEqual({ members: 0, enrolments: 0 });
      expect((await everyRow(db)).filter((row) => /欧阳雨桐|13800004321/.test(row))).toEqual([]);
      expect((await readMembers(db, ['old'])).get('old')!.profile).toMatchObject({
        name: '欧阳雨桐',
        cards: ['C-1'],
        phones: ['13800004321'],
        mails: ['a@example.org'],
        gender: 'f',
        birthday: '05-17',
      });
      expect(await consentWords(db, 'old')).toMatchObject([
        { purpose: 'membership', granted: true, atMs: 5 },
      ]);
      const { rows } = await feedAfter(db, { storeId: 'S01', cursor: 0, rowsMax: 10 });
      expect(rows).toMatchObject([{ kind: 'member', key: 'old', data: { name: '欧阳雨桐' } }]);
    } finally {
      await plain.close();
    }
  },
);

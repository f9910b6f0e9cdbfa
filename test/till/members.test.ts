/** Members at a real till: found by any part, joined offline, known by the provisional card, and the same person when HQ answers. */
import { rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { memberCardNo } from '../../src/core/barcode.ts';
import type { JournalEntry } from '../../src/core/entry.ts';
import { isCommitted } from '../../src/core/personal.ts';
import { isProvisionalCard } from '../../src/core/provisional-card.ts';
import type { ConsentText } from '../../src/till/api.ts';
import { verifyFile } from '../../src/tools/verify.ts';
import { openCloud, QUICK, type TestCloud } from '../kit/cloud.ts';
import { aTillFolder, feedTo, openTill, sell, type TestTill } from '../kit/till.ts';
import type { TillClient } from '../kit/till-client.ts';
import { until } from '../kit/until.ts';

let cloud: TestCloud;
let folder: string;
let till: TestTill;
let client: TillClient;
let tills = 0;

beforeAll(async () => {
  cloud = await openCloud(QUICK);
});
afterAll(async () => {
  await cloud.close();
});
beforeEach(async () => {
  folder = await aTillFolder(cloud, { code: `M${++tills}` });
  const first = await openTill(folder, { openPrinter: null });
  await first.stop();
  await open();
});
afterEach(async () => {
  await till.stop();
});

/** Without a network. */
async function open(): Promise<void> {
  till = await openTill(folder, { openPrinter: null, sync: false });
  client = await till.client();
}
async function restart(between: () => void = () => {}): Promise<void> {
  await till.stop();
  between();
  await open();
}

const row = (id: string, data: object) => ({
  kind: 'member',
  key: id,
  data: {
    id,
    tierId: 'gold',
    phone: null,
    cardNo: memberCardNo(900_000 + id.length * 1_000 + id.charCodeAt(0)),
    ...data,
  },
});
const found = async (text: string) =>
  (await client.call('searchMembers', { text, limit: 20 })).map(({ name }) => name);
const yes = [{ purpose: 'membership', granted: true }];
const textVersion = 'default-1';

async function join(facts: { name?: string; phone?: string; birthday?: string } = {}): Promise<string> {
  const { id: memberId } = await client.call('newId', {});
  const { name = '欧阳小芳', phone = '139 1234 5678', birthday } = facts;
  await client.call('enrolMember', {
    memberId,
    name,
    phone,
    ...(birthday === undefined ? {} : { birthday }),
    consents: yes,
    textVersion,
  });
  return memberId;
}
function enrolments(): Extract<JournalEntry, { kind: 'member_enrolled' }>[] {
  const { journal } = till.till;
  return [...journal.range(1, journal.head.seq)].filter((entry) => entry.kind === 'member_enrolled');
}

describe('search', () => {
  beforeEach(() => {
    feedTo(till, [
      row('a', { name: '王小芳', initials: 'wxf', phone: '8613911112222' }),
      row('b', { name: '王芳', initials: 'wf', phone: '13933334444' }),
      row('cc', { name: '诸葛小芳', initials: 'zgxf', phone: '886912345678' }),
      row('dd', { name: 'Mary Smith', initials: 'marysmith', phone: '85291234567' }),
    ]);
  });

  test.each([
    ['王芳', ['王芳']],
    ['小芳', ['王小芳', '诸葛小芳']],
    ['诸葛', ['诸葛小芳']],
    ['葛小', ['诸葛小芳']],
    ['王xf', ['王小芳']],
    ['zgx', ['诸葛小芳']],
    ['smi', ['Mary Smith']],
    ['mary s', ['Mary Smith']],
    ['13911112222', ['王小芳']],
    ['+86 139 1111 2222', ['王小芳']],
    ['2222', ['王小芳']],
    ['8613933334444', ['王芳']],
    ['0912345678', ['诸葛小芳']],
    ['9123 4567', ['Mary Smith']],
    ['芳王', []],
    ['%', []],
    ['"', []],
    ['"" OR *', []],
    ['   ', []],
  ])('%j finds %j', async (text, names) => {
    expect((await found(text)).sort()).toEqual([...names].sort());
  });

  test('a card finds its member alone, in any case of letters', async () => {
    const card = till.till.catalog.memberById('a')!.cardNo;
    expect(await found(card.toLowerCase())).toEqual(['王小芳']);
  });

  test('another name is found by the new one only; a member that is gone is not found at all', async () => {
    feedTo(till, [row('a', { name: '李小红', initials: 'lxh', phone: '8613955556666' })]);
    expect(await Promise.all(['王小', '小红', '2222', '6666'].map(found))).toEqual([
      [],
      ['李小红'],
      [],
      ['李小红'],
    ]);
    feedTo(till, [{ kind: 'member', key: 'a', data: null }]);
    expect(await found('小红')).toEqual([]);
  });

  test('an index of other rules is filled anew at the next start', async () => {
    await restart(() => {});
    till.till.state.set('member_index', 0);
    await restart();
    expect(await found('葛小')).toEqual(['诸葛小芳']);
    expect(await found('2222')).toEqual(['王小芳']);
  });
});

describe('joining offline', () => {
  test('the consent text is in the language of the screen', async () => {
    await client.call('setLocale', { locale: 'en' });
    const { textVersion: version, purposes }: ConsentText = await client.call('consentText', {});
    expect(version).toBe('default-1');
    expect(purposes[0]).toMatchObject({ purpose: 'membership', needed: true });
    expect(purposes[0]!.text).toMatch(/^I agree/);
  });

  test('on the basket at once, found by phone, part of the name and initials, with a card that scans', async () => {
    const memberId = await join({ birthday: '1990-02-28' });
    expect(client.view.member).toMatchObject({
      id: memberId,
      name: '欧阳小芳',
      phoneTail: '5678',
      birthday: '1990-02-28',
      provisional: true,
      tierName: '会员',
      visits: null,
    });
    const { cardNo } = client.view.member!;
    expect(cardNo).toMatch(new RegExp(`^PM${tills}-0001.$`));
    expect(isProvisionalCard(cardNo)).toBe(true);
    for (const text of ['5678', '13912345678', '小芳', 'oyxf', '阳xf', cardNo])
      expect(await found(text)).toEqual(['欧阳小芳']);
    await client.call('setMember', { memberId: null });
    await client.call('enter', { text: cardNo.toLowerCase() });
    expect(client.view.member?.id).toBe(memberId);
    const mistyped = `${cardNo.slice(0, -2)}${cardNo.at(-2) === '2' ? '3' : '2'}${cardNo.at(-1)}`;
    expect(await client.refusal('enter', { text: mistyped })).toEqual({ kind: 'unknown_member' });
  });

  test('the entry holds a commitment and consents, and neither name nor phone', async () => {
    const memberId = await join();
    const [entry] = enrolments();
    expect(entry!.body).toMatchObject({
      memberId,
      storeId: 'S01',
      consents: [
        { purpose: 'membership', textVersion, granted: true },
        { purpose: 'sms', textVersion, granted: false },
      ],
    });
    expect(JSON.stringify(entry)).not.toMatch(/欧阳|小芳|1234/);
    const kept = till.till.personal.get(entry!.body.personalId)!;
    expect(JSON.parse(kept.data)).toEqual({ name: '欧阳小芳', phone: '8613912345678' });
    expect(isCommitted(till.till.config.sha256, kept, entry!.body.commitment)).toBe(true);
    expect(JSON.stringify(till.logs)).not.toMatch(/欧阳|5678/);
  });

  test('said twice by its id, one after the other and both at once, it is one enrolment', async () => {
    const { id: memberId } = await client.call('newId', {});
    const params = { memberId, name: '张三', phone: '13700000001', consents: yes, textVersion };
    await Promise.all([client.call('enrolMember', params), client.call('enrolMember', params)]);
    await client.call('enrolMember', params);
    await restart();
    await client.call('enrolMember', params);
    expect(enrolments()).toHaveLength(1);
    expect(client.view.member?.id).toBe(memberId);
  });

  test('a phone that is known, in whatever form, names who has it; nothing is journalled', async () => {
    const known = (await client.call('searchMembers', { text: '13800001007', limit: 1 }))[0]!;
    const { id: memberId } = await client.call('newId', {});
    for (const phone of ['13800001007', '+86 138 0000 1007', '8613800001007']) {
      const params = { memberId, name: '张三', phone, consents: yes, textVersion };
      expect(await client.refusal('enrolMember', params)).toEqual({
        kind: 'phone_known',
        memberId: known.id,
      });
    }
    const first = await join();
    const again = { memberId, name: '欧阳', phone: '+8613912345678', consents: yes, textVersion };
    expect(await client.refusal('enrolMember', again)).toEqual({ kind: 'phone_known', memberId: first });
    expect(enrolments()).toHaveLength(1);
  });

  test.each([
    ['bad_phone', { phone: '12345' }],
    ['consent_needed', { consents: [] }],
    ['consent_needed', { textVersion: 'default-0' }],
    ['bad_request', { birthday: '02-30' }],
    ['bad_request', { birthday: '1999-02-29' }],
    ['bad_request', { name: '\u200b\u0007' }],
    ['bad_request', { memberId: 'not-a-uuid' }],
  ])('%s: %j joins nobody', async (kind, wrong) => {
    const { id: memberId } = await client.call('newId', {});
    const params = { memberId, name: '张三', phone: '13700000001', consents: yes, textVersion, ...wrong };
    expect(await client.refusal('enrolMember', params)).toMatchObject({ kind });
    expect(enrolments()).toEqual([]);
    expect(client.view.member).toBeNull();
  });

  test('not while a basket is being paid: the member changes prices', async () => {
    await client.call('addItem', { sku: 'T1001', qty: 1 });
    await client.call('payCash', { basketId: client.view.basket.id, amountMinor: 100 });
    const { id: memberId } = await client.call('newId', {});
    const params = { memberId, name: '张三', phone: '13700000001', consents: yes, textVersion };
    expect(await client.refusal('enrolMember', params)).toEqual({ kind: 'paying' });
    expect(enrolments()).toEqual([]);
  });

  test('is known after a restart, and after shop.db was lost', async () => {
    // HQ gets to know this one, and with it every till of the tests after it.
    const memberId = await join({ name: '司马小红', phone: '13900000077' });
    const { cardNo } = client.view.member!;
    await restart();
    expect(client.view.member?.id).toBe(memberId);
    await restart(() => {
      for (const end of ['', '-wal', '-shm']) rmSync(path.join(folder, `shop.db${end}`), { force: true });
    });
    for (const text of ['司马', 'smx', '0077', cardNo]) expect(await found(text)).toEqual(['司马小红']);
    await till.stop();
    till = await openTill(folder, { openPrinter: null });
    client = await till.client();
    expect((await join({ name: '慕容四', phone: '13700000019' })).length).toBe(36);
    expect(client.view.member?.cardNo).toContain('-0002');
  });

  test('an erased person is not made again from the journal, and the chain stays whole', async () => {
    await join();
    const { personalId } = enrolments()[0]!.body;
    till.till.personal.erase(personalId);
    await restart(() => {
      for (const end of ['', '-wal', '-shm']) rmSync(path.join(folder, `shop.db${end}`), { force: true });
    });
    expect(await found('欧阳')).toEqual([]);
    expect(till.till.projections.enrolledCount()).toBe(1);
    await till.stop();
    expect((await verifyFile(folder)).broken).toBeNull();
    await open();
  });
});

describe('when HQ answers', () => {
  test('with an alias: open basket, hold, card and sales follow to the member that it is', async () => {
    const provisional = await join();
    const { cardNo } = client.view.member!;
    await sell(client, ['T1001'], provisional);
    await client.call('setMember', { memberId: provisional });
    await client.call('addItem', { sku: 'T1001', qty: 1 });
    await client.call('hold', { label: '欧阳' });
    await client.call('setMember', { memberId: provisional });
    await client.call('addItem', { sku: 'T1002', qty: 1 });
    feedTo(till, [
      { kind: 'member_alias', key: provisional, data: { memberId: 'real-1' } },
      row('real-1', { name: '欧阳晓芳', initials: 'oyxf', phone: '8613912345678' }),
    ]);
    expect(till.counter.view().member).toMatchObject({ id: 'real-1', provisional: false, visits: 1 });
    expect(till.till.checkout.basket.memberId).toBe('real-1');
    expect(await found('5678')).toEqual(['欧阳晓芳']);
    expect(await found(cardNo)).toEqual(['欧阳晓芳']);
    await client.call('clearBasket', {});
    await client.call('recall', { holdId: client.view.holds[0]!.holdId });
    expect(client.view.member?.id).toBe('real-1');
    await client.call('setMember', { memberId: provisional });
    expect(client.view.member?.id).toBe('real-1');
  });

  test('with the alias after the member, or with the same id, there is one person, not two', async () => {
    const one = await join();
    feedTo(till, [row('real-2', { name: '欧阳二', initials: 'oye', phone: '8613912345678' })]);
    feedTo(till, [{ kind: 'member_alias', key: one, data: { memberId: 'real-2' } }]);
    expect(await found('欧阳')).toEqual(['欧阳二']);
    const other = await join({ name: '赵六', phone: '13700000003' });
    feedTo(till, [row(other, { name: '赵六', initials: 'zl', phone: '8613700000003' })]);
    expect(await found('赵六')).toEqual(['赵六']);
    expect(till.counter.view().member).toMatchObject({ id: other, provisional: true });
    await client.call('setMember', { memberId: other });
    expect(client.view.member).toMatchObject({ provisional: false, tierName: '金卡' });
  });

  test('with an erasure: the person is gone from the till, from the basket and from the personal rows', async () => {
    const memberId = await join();
    const { personalId } = enrolments()[0]!.body;
    feedTo(till, [{ kind: 'member', key: memberId, data: null }]);
    expect(till.till.personal.get(personalId)).toBeNull();
    expect(await found('5678')).toEqual([]);
    expect(till.counter.view().member).toBeNull();
  });

  test('the push carries the person beside the entry, and none for one that was erased', async () => {
    await join();
    await join({ name: '李四', phone: '13700000009' });
    till.till.personal.erase(enrolments()[1]!.body.personalId);
    const sent: { entries: string[]; personal?: { personalId: string; data: string }[] }[] = [];
    await till.stop();
    const online = await openTill(folder, { openPrinter: null, ready: false });
    const link = online.till.link as unknown as { send(message: { t: string }): void };
    const send = link.send.bind(link);
    link.send = (message) => {
      if (message.t === 'push') sent.push(message as never);
      send(message);
    };
    await until(() => online.counter.view().sync.unsent === 0, 'the acknowledgement');
    await online.stop();
    const people = sent.flatMap(({ personal = [] }) => personal);
    expect(people.map(({ data }) => JSON.parse(data).name)).toEqual(['欧阳小芳']);
    expect(Object.keys(people[0]!).sort()).toEqual(['data', 'personalId', 'salt']);
    expect(sent.flatMap(({ entries }) => entries).join()).not.toContain('欧阳');
    await open();
  });
});

describe('the card', () => {
  const memberId = 'card-1';
  const stats = {
    memberId,
    visits: 12,
    netMinor: 100_000,
    firstDate: '2025-01-01',
    lastDate: '2026-10-01',
    cycleDays: 30,
    lastPurchases: [{ date: '2026-10-01', totalMinor: 8_800, items: ['龙井'] }],
    throughMs: 1_000,
  };

  test('nothing known is null, not zero; suggestions are an empty list', async () => {
    feedTo(till, [row(memberId, { name: '周八', initials: 'zb' })]);
    await client.call('setMember', { memberId });
    expect(client.view.member).toMatchObject({
      points: null,
      storedValue: null,
      visits: null,
      lastVisit: null,
      lastPurchases: [],
      suggestions: [],
      birthdayNear: null,
    });
  });

  test("HQ's 12 visits and one of this till a moment ago are 13, the newest first; points say as of when", async () => {
    feedTo(till, [
      row(memberId, { name: '周八', initials: 'zb', tags: ['茶'] }),
      { kind: 'member_stats', key: memberId, data: stats },
      {
        kind: 'member_points',
        key: memberId,
        data: { memberId, confirmed: 350, asOfMs: 2_000, storedValueMinor: 5_000 },
      },
    ]);
    await sell(client, ['T1001'], memberId);
    await client.call('setMember', { memberId });
    const { member, businessDate } = client.view;
    expect(member).toMatchObject({ visits: 13, lastVisit: businessDate, tags: ['茶'] });
    expect(member!.lastPurchases.map(({ date, items }) => [date, items.length])).toEqual([
      [businessDate, 1],
      ['2026-10-01', 1],
    ]);
    expect(member!.points).toMatchObject({ confirmed: 350, confirmedAtMs: 2_000, usable: 0 });
    // Held by HQ, and this till has no right to spend any of it.
    expect(member!.storedValue).toEqual({ usableMinor: 0 });
    // HQ has it and has counted it: it is not counted twice.
    const throughMs = till.till.session.nowMs() + 1;
    till.till.state.set('acked_seq', till.till.journal.head.seq);
    feedTo(till, [{ kind: 'member_stats', key: memberId, data: { ...stats, visits: 13, throughMs } }]);
    expect(till.counter.view().member?.visits).toBe(13);
  });

  test.each([
    [0, 'today'],
    [7, 'soon'],
    [8, null],
    [-1, null],
  ])('a birthday %d days away is %j', async (days, near) => {
    const today = Date.parse(`${client.view.businessDate}T00:00:00Z`);
    const birthday = new Date(today + days * 86_400_000).toISOString().slice(5, 10);
    feedTo(till, [row(memberId, { name: '周八', initials: 'zb', birthday: `1990-${birthday}` })]);
    await client.call('setMember', { memberId });
    expect(client.view.member?.birthdayNear).toBe(near);
  });
});

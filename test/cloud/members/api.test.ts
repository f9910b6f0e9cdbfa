/** Members over `/api/v1`, and what is left of one who was erased: nothing by which anybody could tell who it was. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canonicalJson, parseEntry, toHex } from '../../../src/core/entry.ts';
import { sha256 } from '../../../src/till/run.ts';
import { openCloud, QUICK, type TestCloud } from '../../kit/cloud.ts';
import { aFolder, removeFolder } from '../../kit/folder.ts';
import { aRawTill, type RawTill } from '../../kit/raw-till.ts';
import { everyRow } from '../../kit/rows.ts';

// biome-ignore lint/suspicious/noExplicitAny: answers are compared with what is expected, whatever their shape
type Json = Record<string, any>;

const SALT = 'ab'.repeat(16);
const NAME = '慕容清秋';
const PHONE = '13912348765';

// One engine: this is about the routes; the SQL behind them runs on both in members.test.ts and identity.test.ts.
describe.each([QUICK])('on %s', (engine) => {
  let cloud: TestCloud;
  const folder = aFolder();
  beforeAll(async () => {
    cloud = await openCloud(engine, { folder });
  });
  afterAll(async () => {
    await cloud.close();
    removeFolder(folder);
  });

  const get = (path: string) => cloud.client.get(path) as Promise<Json>;
  const post = (path: string, body: object) => cloud.client.post(path, body) as Promise<Json>;
  const call = async (method: string, at: string, body?: object, headers: Record<string, string> = {}) => {
    const response = await fetch(cloud.url + at, {
      method,
      headers: { authorization: `Bearer ${cloud.token}`, 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return {
      status: response.status,
      etag: response.headers.get('etag'),
      body: (await response.json()) as Json,
    };
  };
  /** Somebody joins at a till, the way tills say it. */
  const enrol = async (
    till: RawTill,
    memberId: string,
    person: { name: string; phone: string; birthday?: string },
  ) => {
    const data = canonicalJson(person);
    const personalId = `pers-${memberId}`;
    till.append('member_enrolled', {
      ...{ memberId, cardNo: `P-${memberId}`, storeId: 'S01', personalId },
      commitment: toHex(sha256(Buffer.from(SALT, 'hex'), Buffer.from(data))),
      consents: [{ purpose: 'membership', textVersion: '1', granted: true }],
    });
    const link = await till.connect();
    await link.ask(till.pushOf(1, till.chain.length, { personal: [{ personalId, salt: SALT, data }] }));
    await link.hangUp();
    await cloud.books.settled();
  };
  const sell = async (till: RawTill, memberId: string) => {
    till.appendSale({ memberId });
    const link = await till.connect();
    await link.ask(till.pushOf(1));
    await link.hangUp();
    await cloud.books.settled();
  };

  test('somebody who joined at a till is found by phone and by name, and the page has what was bought', async () => {
    const till = await aRawTill(cloud);
    await enrol(till, 'page-1', { name: '欧阳小丹', phone: '8613500001111', birthday: '05-17' });
    await sell(till, 'page-1');
    for (const asked of [
      { phone: '135 0000 1111' },
      { name: '小丹' },
      { name: 'oyxd' },
      { card: 'p-page-1' },
    ]) {
      const { members } = await post('/api/v1/members/search', asked);
      expect(members.map(({ id }: { id: string }) => id)).toEqual(['page-1']);
    }
    const { status, etag, body } = await call('GET', '/api/v1/members/page-1');
    expect([status, etag]).toEqual([200, '"1"']);
    expect(body).toMatchObject({
      member: {
        id: 'page-1',
        revision: 1,
        profile: { name: '欧阳小丹', phones: ['8613500001111'], homeStoreId: 'S01' },
      },
      tier: { tierId: 'member' },
      books: [{ currency: 'CNY', visits: 1, cell: { recency: 'active', frequency: 'new' }, isAtRisk: null }],
      consents: [{ purpose: 'membership', channel: 'till', granted: true }],
    });
    const { purchases, nextCursor } = await get('/api/v1/members/page-1/purchases');
    const sum = (list: { netMinor: number }[]) => list.reduce((total, { netMinor }) => total + netMinor, 0);
    expect([purchases.length, nextCursor, sum(purchases[0].lines)]).toEqual([
      1,
      null,
      body.books[0].netMinor,
    ]);
    expect(purchases[0]).toMatchObject({ storeId: 'S01', tillCode: till.tillCode, cashierId: '01' });
  });

  test('two who edit one profile: the second is told (412); a source that speaks of earlier loses that field alone', async () => {
    await cloud.client.put('/api/v1/members', {
      members: [{ id: 'edit-1', cardNo: 'E1', name: 'Ed', phone: null, tierId: 'member' }],
    });
    const { etag } = await call('GET', '/api/v1/members/edit-1');
    const patch = (set: object, headers = {}, more = {}) =>
      call('PATCH', '/api/v1/members/edit-1', { set, ...more }, headers);
    expect(await patch({ gender: 'f' }, { 'if-match': etag! })).toMatchObject({ status: 200, etag: '"2"' });
    expect(await patch({ gender: 'm' }, { 'if-match': etag! })).toMatchObject({
      status: 412,
      body: { kind: 'other_revision' },
    });
    const late = await patch({ gender: 'x', residence: '台北市' }, {}, { source: 'web', at: '1000.0' });
    expect(late.body).toMatchObject({
      changed: ['residence'],
      kept: ['gender'],
      member: { profile: { gender: 'f', residence: '台北市' } },
    });
    for (const [set, status, kind] of [
      [{ birthday: '2001-02-29' }, 422, 'bad_value'],
      [{ phones: ['13800000000', 'x'] }, 422, 'bad_value'],
      [{ cards: ['P-page-1'] }, 409, 'card_taken'],
      [{ name: 'a\u0000b' }, 400, 'bad_request'],
      [{ colour: 'red' }, 400, 'bad_request'],
    ] as const) {
      expect(await patch(set)).toMatchObject({ status, body: { kind } });
    }
    expect((await patch({}, {}, { at: `${Date.now() + 86_400_000}.0` })).status).toBe(422);
    expect((await call('PATCH', '/api/v1/members/ghost', { set: {} })).status).toBe(404);
  });

  test('merged and un-merged by API; a sale rung up for the old id meanwhile is shown to the survivor and goes back', async () => {
    const till = await aRawTill(cloud);
    const person = { name: '上官婉', phone: '8613500002222' };
    await enrol(till, 'dup-1', person);
    await cloud.client.put('/api/v1/members', {
      members: [{ id: 'dup-2', cardNo: 'D2', name: '上官 婉', phone: '13500002222', tierId: 'member' }],
    });
    const { pairs } = await get('/api/v1/member-duplicates?memberId=dup-1');
    expect(pairs).toMatchObject([
      { one: { id: 'dup-1' }, other: { id: 'dup-2' }, score: 85, reasons: ['phone', 'name'] },
    ]);
    await post('/api/v1/members/dup-1/merge', { intoId: 'dup-2', reason: 'same phone' });
    await sell(till, 'dup-1');
    const page = await get('/api/v1/members/dup-1');
    expect(page).toMatchObject({
      member: { id: 'dup-2' },
      aliases: [{ id: 'dup-1' }],
      books: [{ visits: 1 }],
    });
    expect(await call('POST', '/api/v1/members/dup-2/merge', { intoId: 'dup-1', reason: 'x' })).toMatchObject(
      {
        status: 409,
        body: { kind: 'circle' },
      },
    );
    const back = await post('/api/v1/members/dup-1/unmerge', { reason: 'mother and daughter' });
    expect(back).toMatchObject({
      member: { id: 'dup-1', profile: { name: '上官婉' } },
      survivor: { id: 'dup-2' },
    });
    expect((await get('/api/v1/members/dup-1')).books).toMatchObject([{ visits: 1 }]);
    expect((await get('/api/v1/members/dup-2')).books).toEqual([]);
  });

  test('after an erasure no row, no feed, no log and no file holds name or phone; totals and the chain stand', async () => {
    const till = await aRawTill(cloud);
    await enrol(till, 'gone-1', { name: NAME, phone: `86${PHONE}` });
    await sell(till, 'gone-1');
    await call('PATCH', '/api/v1/members/gone-1', {
      set: { mails: ['qingqiu@example.org'], address: '忘忧路 7 号' },
    });
    const secrets = [NAME, PHONE, 'qingqiu@example.org', '忘忧路'];
    const total = async () =>
      (await cloud.db.query('select count(*) as n, sum(total_minor)::bigint as minor from sale'))[0];
    const before = await total();
    const bundle = JSON.stringify(await post('/api/v1/members/gone-1/bundle', {}));
    for (const secret of secrets) expect(bundle).toContain(secret);
    const preview = await get('/api/v1/members/gone-1/erasure');
    expect(preview).toMatchObject({ ids: ['gone-1'], goes: { enrolments: 1 }, stays: { sale: 1 } });
    expect(await post('/api/v1/members/gone-1/erase', { reason: 'asked to' })).toEqual(preview);

    expect(await total()).toEqual(before);
    expect(await cloud.db.query("select count(*) as n from sale where member_id = 'gone-1'")).toEqual([
      { n: 1 },
    ]);
    const texts = await cloud.db.query<{ seq: number; text: string; hash: string }>(
      'select seq, text, hash from journal_entry where journal_id = $1 order by seq',
      [till.journalId],
    );
    expect(texts).toEqual(till.chain);
    expect(texts.every(({ text }) => parseEntry(text).ok)).toBe(true);
    expect((await call('GET', '/api/v1/members/gone-1')).status).toBe(404);
    expect((await call('POST', '/api/v1/members/gone-1/erase', { reason: 'again' })).status).toBe(410);
    expect(
      await cloud.db.query("select data from feed_row where kind = 'member' and key = 'gone-1'"),
    ).toEqual([{ data: null }]);
    expect(await cloud.db.query("select 1 as x from vault_key where holder_id = 'gone-1'")).toEqual([]);
    const rows = await everyRow(cloud.db);
    for (const secret of secrets) {
      expect(rows.filter((row) => row.includes(secret))).toEqual([]);
      expect(cloud.logs.filter((line) => line.includes(secret))).toEqual([]);
    }

    // An erased number does not come back by a list, nor by a till; it does when HQ says so.
    const again = { id: 'gone-2', cardNo: 'G2', name: NAME, phone: PHONE, tierId: 'member' };
    expect(await call('PUT', '/api/v1/members', { members: [again] })).toMatchObject({
      status: 422,
      body: { kind: 'suppressed' },
    });
    await enrol(till, 'gone-3', { name: NAME, phone: `86${PHONE}` });
    expect((await call('GET', '/api/v1/members/gone-3')).status).toBe(404);
    const { rows: aside } = await get('/api/v1/quarantine');
    expect(aside[0].reason).toMatch(/^suppressed: somebody with this phone asked to be forgotten/);
    expect((await post('/api/v1/suppressions/lift', { phone: PHONE })).applied).toBe(1);
    expect((await call('PUT', '/api/v1/members', { members: [again] })).status).toBe(200);
    await post('/api/v1/members/gone-2/erase', { reason: 'once more' });

    // The database's own files, its log too, while it is shut.
    await cloud.close();
    const files = filesIn(folder);
    const found = (text: string) =>
      files.filter((file) => readFileSync(file).includes(text)).map((file) => path.basename(file));
    // The scan sees what is there in clear.
    expect(found('gone-1').length).toBeGreaterThan(0);
    for (const secret of secrets) expect(found(secret)).toEqual([]);
    cloud = await openCloud(engine, { folder, world: null });
  });
});

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true })
    .map((name) => path.join(folder, String(name)))
    .filter((file) => statSync(file, { throwIfNoEntry: false })?.isFile() === true);
}

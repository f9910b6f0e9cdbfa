/** The vault: keys, what they seal, and what happens when one is lost, changed or shredded. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Db } from '../../cloud/db/db.ts';
import { feedAfter, publish } from '../../cloud/feed/feed.ts';
import { open, seal } from '../../cloud/vault/cipher.ts';
import { type Kek, kekOf, kekRing } from '../../cloud/vault/kek.ts';
import { keysOf, makeKeys, rewrapKeys, shredKeys } from '../../cloud/vault/keys.ts';
import { openVault, vaultOf, withVault } from '../../cloud/vault/vault.ts';
import { ENGINES } from '../kit/cloud.ts';
import { openTestDb } from '../kit/db.ts';
import { aFolder, removeFolder } from '../kit/folder.ts';

const aKek = (fill: number): Kek => kekOf(Buffer.alloc(32, fill).toString('base64'), 'test');

test('a sealed text opens for its holder and purpose, and for nobody else, nor with one bit changed', () => {
  const key = randomBytes(32);
  const of = { holderId: 'm-1', what: 'person' };
  const sealed = seal(key, of, '林小美 13800001000');
  expect(open(key, of, sealed)).toBe('林小美 13800001000');
  const bytes = Buffer.from(sealed.slice(3), 'base64');
  bytes[bytes.length - 1]! ^= 1;
  const wrong = [
    () => open(key, { ...of, holderId: 'm-2' }, sealed),
    () => open(key, { ...of, what: 'feed' }, sealed),
    () => open(randomBytes(32), of, sealed),
    () => open(key, of, `s1.${bytes.toString('base64')}`),
    () => open(key, of, 's1.AAAA'),
    () => open(key, of, 's1.'),
  ];
  for (const attempt of wrong) expect(attempt).toThrow(expect.objectContaining({ kind: 'broken' }));
  expect(seal(key, of, 'same')).not.toBe(seal(key, of, 'same'));
});

test('a KEK comes from the environment, else from a file of mode 0600 that is made once and told once', () => {
  const folder = aFolder();
  try {
    mkdirSync(folder, { recursive: true });
    const said: string[] = [];
    const say = (text: string) => void said.push(text);
    const first = kekRing({}, folder, say);
    expect(kekRing({}, folder, say).current.id).toBe(first.current.id);
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(/Back it up/);
    expect(statSync(path.join(folder, 'kek')).mode & 0o777).toBe(0o600);
    const given = aKek(3).key.toString('base64');
    // Going over to the environment: what the file's key wrapped still opens.
    const ring = kekRing(
      { COUNTERFOIL_KEK: given, COUNTERFOIL_KEK_OLD: aKek(4).key.toString('base64') },
      folder,
      say,
    );
    expect([ring.current.id, ...ring.former.map(({ id }) => id)]).toEqual([
      aKek(3).id,
      aKek(4).id,
      first.current.id,
    ]);
    for (const bad of ['short', '*'.repeat(44), Buffer.alloc(31).toString('base64')]) {
      expect(() => kekRing({ COUNTERFOIL_KEK: bad }, folder, say)).toThrow(
        /COUNTERFOIL_KEK must be 32 bytes/,
      );
    }
  } finally {
    removeFolder(folder);
  }
});

describe.each(ENGINES)('on %s', (engine) => {
  let db: Db;
  beforeAll(async () => {
    db = await openTestDb(engine);
  });
  afterAll(() => db.close());

  const on = async (current: Kek, former: readonly Kek[] = []) =>
    withVault(db, await openVault(db, { current, former }));

  test('another KEK opens nothing and says which one is needed; as a former one it does, and all is wrapped anew', async () => {
    await makeKeys(db, ['a', 'b', 'c']);
    const before = await keysOf(db, ['a', 'b', 'c']);
    const blind = vaultOf(db).blind('phone', '8613800001000');
    await expect(openVault(db, { current: aKek(9), former: [] })).rejects.toMatchObject({
      kind: 'other_kek',
      message: expect.stringMatching(/COUNTERFOIL_KEK_OLD/),
    });
    const both = await on(aKek(9), [aKek(7)]);
    expect(await rewrapKeys(both)).toBe(4);
    expect(await rewrapKeys(both)).toBe(0);
    const rotated = await on(aKek(9));
    expect(await keysOf(rotated, ['a', 'b', 'c'])).toEqual(before);
    expect(vaultOf(rotated).blind('phone', '8613800001000')).toBe(blind);
    // And back, for the tests that follow.
    await rewrapKeys(await on(aKek(7), [aKek(9)]));
  });

  test('makers of the same key get the same one; a transaction carries the vault', async () => {
    const [one, two] = await Promise.all([makeKeys(db, ['d']), makeKeys(db, ['d', 'e'])]);
    expect(one.get('d')).toEqual(two.get('d'));
    await db.transaction(async (tx) => expect(vaultOf(tx)).toBe(vaultOf(db)));
  });

  test('a feed row about a person lies sealed, goes out open, and is a farewell once the key is shredded', async () => {
    const data = { id: 'f', name: '周雨桐', phone: '13800007777' };
    await db.transaction((tx) => publish(tx, [{ kind: 'member', key: 'f', storeId: null, data }]));
    const [row] = await db.query<{ data: { sealed: string } }>("select data from feed_row where key = 'f'");
    expect(Object.keys(row!.data)).toEqual(['sealed']);
    const page = () => feedAfter(db, { storeId: 'S01', cursor: 0, rowsMax: 10 });
    expect((await page()).rows).toEqual([{ kind: 'member', key: 'f', data }]);
    expect(await shredKeys(db, ['f', 'nobody'])).toBe(1);
    expect((await page()).rows).toEqual([{ kind: 'member', key: 'f', data: null }]);
  });

  test('a blind value says nothing of what it stands for, and the same digits as phone and card differ', () => {
    const vault = vaultOf(db);
    expect(vault.blind('phone', '13800001000')).toMatch(/^[\w-]{16}$/);
    expect(vault.blind('phone', '13800001000')).toBe(vault.blind('phone', '13800001000'));
    expect(vault.blind('phone', '13800001000')).not.toBe(vault.blind('card', '13800001000'));
    const buckets = Array.from({ length: 2_000 }, (_, index) => vault.bucket('name', `名${index}`, 4));
    expect(new Set(buckets).size).toBe(16);
    expect(Math.max(...buckets)).toBe(15);
  });
});

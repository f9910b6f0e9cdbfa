/** Migrations 0070 to 0072 on a database of the version before: tags of profiles become rows, custom fields keep their values. */
import { describe, expect, test } from 'vitest';
import { migrate } from '../../cloud/db/migrate.ts';
import { countAudience, readAudience } from '../../cloud/segments/audience.ts';
import { aFolder, removeFolder } from '../kit/folder.ts';
import { aPglite } from '../kit/pglite.ts';

describe('from version 59', () => {
  test('2 profile tags and 1 by hand are 3 rows of their sources, and segments find them as before', async () => {
    const folder = aFolder();
    const db = await aPglite(folder);
    try {
      await migrate(db, 59);
      await db.script(`
        insert into store values ('S01', '{"currency": {"code": "CNY"}}', now());
        insert into tier values ('base', '{}', now());
        insert into member (member_id, card_no, name, tier_id, data, updated_at) values
          ('ann', 'C1', 'Ann', 'base', '{"tags": ["vip", "tea", ""], "gender": "f"}', '2026-01-02T00:00:00Z'),
          ('ben', 'C2', 'Ben', 'base', '{"tags": "no list"}', now());
        insert into member_tag values ('ann', 'tea', 'manual', now());
        insert into custom_field values ('shoe', 'Shoe', 'number', '{}', '2026-01-01T00:00:00Z', null);
        insert into member_field (member_id, field_id, number_value, updated_at) values ('ben', 'shoe', 44, now());`);
      await migrate(db);
      expect(
        await db.query('select member_id, tag, source, origin_id from member_tag order by tag, source'),
      ).toEqual([
        { member_id: 'ann', tag: 'tea', source: 'manual', origin_id: 'ann' },
        { member_id: 'ann', tag: 'tea', source: 'profile', origin_id: 'ann' },
        { member_id: 'ann', tag: 'vip', source: 'profile', origin_id: 'ann' },
      ]);
      expect(
        await db.query('select limits, revision, updated_at = created_at as same from custom_field'),
      ).toEqual([{ limits: {}, revision: 1, same: true }]);
      const count = async (rule: object) => {
        const audience = await readAudience(db, { rule, currency: null, asOf: '2026-11-22' });
        return audience.ok ? countAudience(db, audience.value) : audience.error;
      };
      expect(await count({ source: 'tag', op: 'all', tags: ['vip', 'tea'] })).toBe(1);
      expect(await count({ source: 'field', field: 'shoe', op: 'eq', value: 44 })).toBe(1);
      expect(await count({ source: 'profile', field: 'gender', op: 'eq', value: 'f' })).toBe(1);
    } finally {
      await db.close();
      removeFolder(folder);
    }
  });
});

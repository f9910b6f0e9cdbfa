/** 0030 on both stores: points of the first ledger become entries in lots, and their balances stand. 0220: offers get their first version. */
import path from 'node:path';
import { expect, test } from 'vitest';
import { openEmbedded } from '../../../cloud/db/embedded.ts';
import { migrate } from '../../../cloud/db/migrate.ts';
import { expirePoints, proveLedgers } from '../../../cloud/loyalty/ledger-jobs.ts';
import { ENGINES } from '../../kit/cloud.ts';
import { aFolder, removeFolder } from '../../kit/folder.ts';
import { aPglite } from '../../kit/pglite.ts';

test.each(ENGINES)(
  'on %s: 30 earned, 12 spent, 5 taken back are 13 in one lot after the first job',
  async (engine) => {
    const folder = aFolder();
    const db =
      engine === 'pg' ? await openEmbedded(path.join(folder, 'db')) : await aPglite(path.join(folder, 'db'));
    try {
      await migrate(db, 29);
      const rows = [
        ['s1:earn', 'earn', 30, 's1', 1],
        ['s2:spend', 'spend', -12, 's2', 2],
        ['s3:earn', 'take_back', -5, 's3', 3],
      ] as const;
      for (const [entryId, kind, points, saleId, second] of rows) {
        await db.query(
          `insert into points_entry (member_id, entry_id, kind, points, store_id, sale_id, at)
         values ('m1', $1, $2, $3, 'S01', $4, to_timestamp($5))`,
          [entryId, kind, points, saleId, 1_763_700_000 + second],
        );
      }
      // 0220: what is out becomes the first version of each, policies one after the other, by nobody who is known.
      await migrate(db, 219);
      await db.script(`
        insert into coupon_template values ('OLD', '{"id": "OLD"}', 3, '2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z');
        insert into benefit values ('b', '{"id": "b"}', '2026-01-02T00:00:00Z');
        insert into loyalty_policy values ('stored_value', 'p-2', '{"version": "p-2"}', '2026-01-04T00:00:00Z'),
          ('stored_value', 'p-1', '{"version": "p-1"}', '2026-01-03T00:00:00Z');`);
      await migrate(db);
      const versions = await db.query<{ kind: string; offer_id: string; no: number; ended: boolean }>(
        'select kind, offer_id, version_no as no, ended, by_kind from offer_version order by published_at',
      );
      expect(versions.map(({ kind, offer_id, no, ended }) => [kind, offer_id, no, ended])).toEqual([
        ['coupon_template', 'OLD', 1, true],
        ['benefit', 'b', 1, false],
        ['stored_value', 'chain', 1, false],
        ['stored_value', 'chain', 2, false],
      ]);
      const balance = async () =>
        db.query("select balance, is_stale from ledger_account where holder_id = 'm1'");
      expect(await balance()).toEqual([{ balance: 13, is_stale: true }]);
      expect(
        await db.query("select kind, points from points_entry where member_id = 'm1' order by at"),
      ).toEqual([
        { kind: 'earn', points: 30 },
        { kind: 'spend', points: -12 },
        { kind: 'take_back', points: -5 },
      ]);
      await expirePoints(db, '2026-11-22', Date.UTC(2026, 10, 22));
      expect(await balance()).toEqual([{ balance: 13, is_stale: false }]);
      expect(await db.query('select lot_id, left_points from ledger_lot')).toEqual([
        { lot_id: 's1:earn', left_points: 13 },
      ]);
      expect((await proveLedgers(db)).differences).toEqual([]);
    } finally {
      await db.close();
      removeFolder(folder);
    }
  },
);

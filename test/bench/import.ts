/**
 * Bench `import`: a CSV file of 100,000 members with a custom field and tags goes in, again, and out. Beside the limit of
 * issue 4: a minute.
 */
import { embeddedBinaries } from '../../cloud/db/embedded.ts';
import { addField, listFields } from '../../cloud/facts/fields.ts';
import { exportMembers } from '../../cloud/imports/export-members.ts';
import { type ImportReport, importMembers } from '../../cloud/imports/import-members.ts';
import { suggestMapping } from '../../cloud/imports/mapping.ts';
import { readTable } from '../../cloud/imports/table.ts';
import { csvOf } from '../../cloud/imports/table-write.ts';
import { systemChance } from '../../src/till/run.ts';
import { openTestDb } from '../kit/db.ts';
import { aCase, type BenchOptions, type BenchResult, checksumOf } from './bench.ts';

const LIMIT_S = 60;

export async function importBench({ small, members: wanted }: BenchOptions): Promise<BenchResult> {
  const members = small ? 500 : (wanted ?? 100_000);
  const db = await openTestDb(embeddedBinaries() === null ? 'pglite' : 'pg');
  try {
    await db.script(`insert into store values ('S01', '{"currency": {"code": "CNY", "digits": 2}}', now());
      insert into tier values ('base', '{"rank": 1}', now()), ('gold', '{"rank": 2}', now());`);
    const shoe = {
      name: '鞋码',
      names: {},
      type: 'number',
      options: [],
      limits: {},
      sensitive: false,
    } as const;
    await addField(db, 'shoe', shoe, { by: 'bench', atMs: 0 });
    const bytes = new TextEncoder().encode(fileOf(members));
    const nowMs = Date.now();
    const run = async (dryRun: boolean): Promise<{ seconds: number; report: ImportReport }> => {
      const start = performance.now();
      const table = await readTable(bytes, { encoding: null, sheet: null });
      if (!table.ok) throw new Error(table.error.kind);
      const mapping = suggestMapping(table.value.headers, await listFields(db));
      const facts = { mapping, dryRun, by: 'bench', nowMs, chance: systemChance };
      const report = await importMembers(db, table.value, facts);
      return { seconds: (performance.now() - start) / 1_000, report };
    };
    const dry = await run(true);
    const first = await run(false);
    const again = await run(false);
    const start = performance.now();
    let written = 0;
    const { headers, rows } = await exportMembers(db, null);
    for await (const part of csvOf(headers, rows)) written += part.length;
    const exportS = (performance.now() - start) / 1_000;
    const line = (name: string, ours: number) =>
      aCase({
        bench: 'import',
        case: name,
        ours,
        other: LIMIT_S,
        otherName: 'limit',
        unit: 's',
        better: 'lower',
      });
    const told = ({ report: { added, changed, unchanged, refused } }: typeof dry) =>
      `${added} ${changed} ${unchanged} ${refused}`;
    return {
      input: `${members} members in ${bytes.length} bytes of CSV, ${db.kind}`,
      checksum: checksumOf([dry, first, again].map(told)),
      cases: [
        line('dry run', dry.seconds),
        line('import', first.seconds),
        line('the same file again', again.seconds),
        line('export as CSV', exportS),
      ],
      notes: [
        `added, changed, unchanged, refused: ${told(first)}, then ${told(again)}; export ${written} bytes`,
      ],
    };
  } finally {
    await db.close();
  }
}

const SURNAMES = [...'王李张刘陈杨黄赵吴周'];
const GIVEN = [...'伟芳娜敏静强磊军洋勇艳杰娟涛明'];

function fileOf(members: number): string {
  const lines = ['会员卡号,姓名,手机号,邮箱,性别,生日,城市,等级,标签,鞋码'];
  for (let n = 1; n <= members; n++) {
    const pick = (list: readonly string[], step: number) => list[(n * step) % list.length]!;
    const name = pick(SURNAMES, 7) + pick(GIVEN, 11) + pick(GIVEN, 13);
    const day = `19${60 + (n % 40)}-${String(1 + (n % 12)).padStart(2, '0')}-${String(1 + (n % 28)).padStart(2, '0')}`;
    lines.push(
      `B${n},${name},138${String(n).padStart(8, '0')},m${n}@example.org,${n % 2 ? '女' : '男'},${day},城${n % 30},${n % 9 ? 'base' : 'gold'},t${n % 20},${34 + (n % 12)}`,
    );
  }
  return `${lines.join('\n')}\n`;
}

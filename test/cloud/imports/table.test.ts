/** Files as tables: encodings, separators, ragged and broken rows, workbooks, bombs; and files that we write, read back. */
import fc from 'fast-check';
import { strToU8, zipSync } from 'fflate';
import iconv from 'iconv-lite';
import { describe, expect, test } from 'vitest';
import { decodeText } from '../../../cloud/imports/encoding.ts';
import { readTable, type Table } from '../../../cloud/imports/table.ts';
import { type Cell, csvOf, plainText, safeText, xlsxOf } from '../../../cloud/imports/table-write.ts';

const ANY = { encoding: null, sheet: null };
const read = async (bytes: Uint8Array, asked = {}) => {
  const table = await readTable(bytes, { ...ANY, ...asked });
  return table.ok ? table.value : table.error;
};
const csv = (text: string) => read(new TextEncoder().encode(text));
const cells = (table: unknown) => (table as Table).rows.map((row) => row.cells.join('|'));

const CN = '会员卡号,姓名,城市\r\nC1,王小明,上海\r\nC2,欧阳娜娜,乌鲁木齐\r\n';
const TW = '會員卡號,姓名,城市\r\nC1,王小明,高雄市\r\nC2,歐陽娜娜,臺北市\r\n';

describe('encodings', () => {
  test.each<[string, Uint8Array, string, string]>([
    ['UTF-8', Buffer.from(CN), 'utf-8', CN],
    ['UTF-8 with a mark', Buffer.from(`\uFEFF${TW}`), 'utf-8', TW],
    ['UTF-16 as Excel saves "Unicode text"', Buffer.from(`\uFEFF${CN}`, 'utf16le'), 'utf-16le', CN],
    ['GBK', iconv.encode(CN, 'gbk'), 'gb18030', CN],
    ['GB18030', iconv.encode(`${CN}C3,𠮷野,北京\r\n`, 'gb18030'), 'gb18030', `${CN}C3,𠮷野,北京\r\n`],
    ['Big5', iconv.encode(TW, 'big5'), 'big5', TW],
    ['plain ASCII', Buffer.from('card,name\nC1,Ann\n'), 'utf-8', 'card,name\nC1,Ann\n'],
  ])('%s is found out', (_name, bytes, encoding, text) => {
    expect(decodeText(bytes, null)).toEqual({ ok: true, value: { text, encoding } });
  });

  test('bytes of no encoding, and of another than was named, are refused and never written as wrong names', () => {
    expect(decodeText(Uint8Array.of(0x61, 0xff, 0xff, 0x80), null)).toMatchObject({
      error: { kind: 'encoding_unclear', candidates: [] },
    });
    expect(decodeText(iconv.encode(CN, 'gbk'), 'utf-8')).toEqual({
      ok: false,
      error: { kind: 'encoding_wrong', encoding: 'utf-8' },
    });
    // 哪 in GB18030, another sign in Big5: one sign that is rare in both says nothing.
    const either = Buffer.from([...Buffer.from('card,name\nC1,'), 0xc4, 0xc4]);
    expect(decodeText(either, null)).toMatchObject({
      error: { kind: 'encoding_unclear' },
    });
    expect(decodeText(either, 'gb18030')).toMatchObject({ ok: true });
  });

  test('any list of common Taiwanese names in Big5 is never taken for GB18030', () => {
    const names = fc.array(
      fc.constantFrom(
        '陳',
        '林',
        '黃',
        '張',
        '李',
        '王',
        '吳',
        '劉',
        '蔡',
        '楊',
        '志',
        '明',
        '美',
        '玲',
        '雅',
        '婷',
      ),
      { minLength: 4, maxLength: 40 },
    );
    fc.assert(
      fc.property(names, (signs) => {
        const result = decodeText(iconv.encode(`姓名\n${signs.join('')}\n`, 'big5'), null);
        expect(result.ok ? result.value.encoding : result.error.kind).not.toBe('gb18030');
      }),
      { numRuns: 50 },
    );
  });
});

describe('CSV', () => {
  test.each<[string, string, string[]]>([
    ['commas', 'a,b\n1,2\n', ['1|2']],
    ['semicolons, as a German Excel writes', 'a;b\n1;2,5\n', ['1|2,5']],
    ['tabs', 'a\tb\n1\t2\n', ['1|2']],
    [
      'quotes with a comma, a quote and a line end inside',
      'a,b\r\n"x, ""y""","l1\nl2"\r\n',
      ['x, "y"|l1\nl2'],
    ],
    ['empty rows and columns at the end', 'a,b,,\n\n1,2,,\n,,,\n', ['1|2']],
    ['a row that is too short', 'a,b,c\n1\n', ['1||']],
  ])('%s', async (_name, text, expected) => {
    expect(cells(await csv(text))).toEqual(expected);
  });

  test('rows are counted as a person counts them, and one that is too long says so', async () => {
    const table = (await csv('a,b\n1,2\n\n1,2,3\n')) as Table;
    expect(table.rows.map(({ no, width }) => [no, width])).toEqual([
      [2, 2],
      [3, 3],
    ]);
  });

  test.each<[string, string, object]>([
    ['nothing', '', { kind: 'empty' }],
    ['blanks', ' \n,,\n', { kind: 'empty' }],
    ['a header without a name', 'a,,c\n1,2,3\n', { kind: 'header_missing', column: 2 }],
    ['two headers of one name', 'a,b,a\n1,2,3\n', { kind: 'header_twice', header: 'a' }],
    ['a quote that never ends', 'a,b\n1,2\n"3,4\n5,6\n', { kind: 'csv_broken', row: 3 }],
    [
      '201 columns',
      Array.from({ length: 201 }, (_, i) => `c${i}`).join(','),
      { kind: 'too_large', what: 'columns', max: 200 },
    ],
  ])('%s is refused', async (_name, text, expected) => {
    expect(await csv(text)).toMatchObject(expected);
  });

  test.each<[string, string, string]>([
    ['a picture', '89504e470d0a1a0a', 'picture'],
    ['a PDF', '255044462d312e37', 'pdf'],
    ['a workbook of before 2007', 'd0cf11e0a1b11ae1', 'old_excel'],
    ['an archive', '1f8b0800', 'archive'],
    ['a program', '7f454c460001', 'no_text'],
  ])('%s is told for what it is, whatever its name ends with', async (_name, hex, is) => {
    expect(await read(Buffer.from(hex, 'hex'))).toEqual({ kind: 'not_a_table', is });
  });
});

const NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
/** A workbook as Excel makes one: shared strings, styles, a formula, a date. */
function aWorkbook(over: Record<string, string> = {}): Uint8Array {
  const parts: Record<string, string> = {
    'xl/workbook.xml': `<workbook ${NS} xmlns:r="r"><sheets><sheet name="Old" sheetId="1" r:id="rId1"/><sheet name="新" sheetId="2" r:id="rId2"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels':
      '<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Target="/xl/worksheets/sheet2.xml"/></Relationships>',
    'xl/sharedStrings.xml': `<sst ${NS}><si><t>姓名</t></si><si><r><t>王</t></r><r><t>小明</t></r><rPh><t>wang</t></rPh></si></sst>`,
    'xl/styles.xml': `<styleSheet ${NS}><numFmts><numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/><numFmt numFmtId="165" formatCode="0.0&quot; days&quot;"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs></styleSheet>`,
    'xl/worksheets/sheet1.xml': `<worksheet ${NS}><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>phone</t></is></c><c r="C1" t="str"><v>born</v></c><c r="D1" t="inlineStr"><is><t>since</t></is></c><c r="E1" t="inlineStr"><is><t>n</t></is></c><c r="F1" t="inlineStr"><is><t>ok</t></is></c></row><row r="3"><c r="A3" t="s"><v>1</v></c><c r="B3"><v>1.3800000001E10</v></c><c r="C3" s="1"><v>33199</v></c><c r="D3" s="2"><f>TODAY()-1</f><v>45000.75</v></c><c r="E3" s="3"><v>0.1</v></c><c r="F3" t="b"><v>1</v></c></row><row r="4"><c r="B4" t="e"><v>#REF!</v></c></row></sheetData></worksheet>`,
    'xl/worksheets/sheet2.xml': `<worksheet ${NS}><sheetData><row><c t="inlineStr"><is><t>a</t></is></c></row><row><c><v>7</v></c></row></sheetData></worksheet>`,
    ...over,
  };
  return zipSync(Object.fromEntries(Object.entries(parts).map(([name, text]) => [name, strToU8(text)])));
}

describe('workbooks', () => {
  test('shared and rich strings, long numbers, days of two formats, stored results of formulas, errors as they stand', async () => {
    const table = (await read(aWorkbook())) as Table;
    expect([table.format, table.sheet, table.sheets, table.headers]).toEqual([
      'xlsx',
      'Old',
      ['Old', '新'],
      ['姓名', 'phone', 'born', 'since', 'n', 'ok'],
    ]);
    expect(table.rows.map(({ no, cells: row }) => [no, ...row])).toEqual([
      [3, '王小明', '13800000001', '1990-11-22', '2023-03-15', '0.1', 'true'],
      [4, '', '#REF!', '', '', '', ''],
    ]);
    expect(cells(await read(aWorkbook(), { sheet: '新' }))).toEqual(['7']);
    expect(await read(aWorkbook(), { sheet: 'none' })).toEqual({
      kind: 'unknown_sheet',
      names: ['Old', '新'],
    });
  });

  test('a bomb is not inflated: neither a part that says 1 GB nor entities of entities', async () => {
    const bomb = aWorkbook();
    // The declared size of the first sheet, in the central directory, where the reader looks before it inflates.
    const at = Buffer.from(bomb).lastIndexOf('xl/worksheets/sheet1.xml') - 46 + 24;
    new DataView(bomb.buffer, bomb.byteOffset).setUint32(at, 1 << 30, true);
    expect(await read(bomb)).toMatchObject({ kind: 'xlsx_too_large', part: 'xl/worksheets/sheet1.xml' });
    const lol = `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><worksheet ${NS}><sheetData><row><c t="str"><v>&b;</v></c></row></sheetData></worksheet>`;
    expect(await read(aWorkbook({ 'xl/worksheets/sheet1.xml': lol }))).toMatchObject({ kind: 'xlsx_broken' });
  });

  test('what is no whole workbook is refused in a sentence', async () => {
    const whole = aWorkbook();
    expect(await read(whole.subarray(0, whole.length - 300))).toMatchObject({ kind: 'xlsx_broken' });
    expect(await read(zipSync({ 'a.txt': strToU8('a') }))).toMatchObject({ kind: 'xlsx_broken' });
    expect(await read(aWorkbook({ 'xl/worksheets/sheet1.xml': '<worksheet><sheetData>' }))).toMatchObject({
      kind: 'xlsx_broken',
    });
  });
});

describe('files that we write', () => {
  async function* once(rows: readonly (readonly Cell[])[]) {
    yield rows;
  }
  const bytesOf = async (parts: AsyncIterable<Uint8Array>) => Buffer.concat(await Array.fromAsync(parts));

  test.each(['=1+1', '+1-1', '-cmd', '@SUM(A1)', '\t=1', '\r=1', ' =HYPERLINK("http://x")', '＝1+1', '\n=1'])(
    '%j is a text and no formula when a spreadsheet opens it',
    async (evil) => {
      const text = (await bytesOf(csvOf(['a'], once([[evil]])))).toString();
      expect(text.slice(text.indexOf('\n') + 1).replace(/^"/, '')[0]).toBe("'");
      expect(plainText(safeText(evil))).toBe(evil);
      expect((await bytesOf(xlsxOf('S', ['a'], once([[evil]])))).length).toBeGreaterThan(0);
    },
  );

  test.each(['-5', '+8613800000001', 'a=b', "'quoted", "O'Neil", '0.5'])('%j stays as it is', (text) => {
    expect([safeText(text), plainText(text)]).toEqual([text, text]);
  });

  const signs = fc.string({ unit: fc.constantFrom(...'ab王=+-@\'",;\t 0'), maxLength: 8 });
  test('any table comes back from both formats cell by cell', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(signs, signs), { minLength: 1, maxLength: 6 }), async (rows) => {
        // A row of blanks is no row.
        const all = rows.map(([a, b]) => [`k${a}`, b] as const);
        for (const file of [csvOf(['a', 'b'], once(all)), xlsxOf('S', ['a', 'b'], once(all))]) {
          const table = (await read(await bytesOf(file))) as Table;
          const back = table.rows.map((row) =>
            row.cells.map((cell) => (table.format === 'csv' ? plainText(cell) : cell)),
          );
          expect(back).toEqual(all.map((row) => [...row]));
        }
      }),
      { numRuns: 40 },
    );
  });
});

/** `counterfoil scan`: codes in, one answer a line out, however they come and whoever reads. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { reportOn } from '../../src/core/code-report.ts';
import { Lines, reportWords, scanCodes, scanSetting } from '../../src/tools/scan.ts';

const TOOL = fileURLToPath(new URL('../../src/tools/counterfoil.ts', import.meta.url));
const SETTING = scanSetting({ currency: 'CNY', associations: true, yearNow: 2026 });
const run = promisify(execFile);

async function linesOf(chunks: Iterable<Uint8Array | string>): Promise<string[]> {
  return Array.fromAsync(new Lines(Readable.from(chunks)));
}

describe('lines', () => {
  test.each([
    ['a\nb\n', ['a', 'b']],
    ['a\r\nb', ['a', 'b']],
    ['\n\na', ['', '', 'a']],
    ['a\u001db\u2028c\n', ['a\u001db\u2028c']],
    ['', []],
    ['\n', ['']],
  ])('%j is %j, cut at any byte', async (text, lines) => {
    const bytes = Buffer.from(text);
    for (let cut = 0; cut <= bytes.length; cut++) {
      expect(await linesOf([bytes.subarray(0, cut), bytes.subarray(cut)])).toEqual(lines);
    }
  });

  test('bytes that are no UTF-8 become a code that is no text', async () => {
    const [line] = await linesOf([Uint8Array.of(0x36, 0xff, 0x39, 0x0a)]);
    expect(reportOn(line!, SETTING)).toMatchObject({ valid: false, error: { what: 'not_text', at: 1 } });
  });

  test('a line of 20 MB is one code that is too long, and is not kept', async () => {
    const piece = 'x'.repeat(1_000_000);
    const lines = await linesOf([...Array.from({ length: 20 }, () => piece), '\n4011\n']);
    expect(lines.map(({ length }) => length)).toEqual([2048, 4]);
    expect(reportOn(lines[0]!, SETTING)).toMatchObject({ valid: false, error: { what: 'too_long' } });
  });
});

describe('settings', () => {
  const setting = (templates: string, currency = 'CNY') =>
    scanSetting({ templates, currency, associations: true, yearNow: 2026 });

  test('templates come as PATTERN:DECIMALS, or none, or are those of the demo chain', () => {
    expect(setting('21IIIIIWWWWWC:3, 2IIIIIIVPPPPC:2').templates).toEqual([
      { pattern: '21IIIIIWWWWWC', decimals: 3 },
      { pattern: '2IIIIIIVPPPPC', decimals: 2 },
    ]);
    expect(setting('none').templates).toEqual([]);
    expect(SETTING.templates).toHaveLength(2);
    expect(scanSetting({ currency: 'JPY', associations: true, yearNow: 2026 }).templates).toContainEqual({
      pattern: '22IIIIIPPPPPC',
      decimals: 0,
    });
  });

  test.each([
    ['21IIIIIWWWWW:3', 'CNY', '21IIIIIWWWWW:3 is no template'],
    ['21IIIIIWWWWWC', 'CNY', '21IIIIIWWWWWC is no template'],
    ['22IIIIIPPPPPC:2', 'JPY', '22IIIIIPPPPPC:2 has more decimals than the currency, which has 0'],
    ['none', 'yuan', 'yuan is no currency'],
  ])('%s in %s is refused: %s', (templates, currency, words) => {
    expect(() => setting(templates, currency)).toThrow(words);
  });
});

describe('words for people', () => {
  test.each([
    ['6921168509256', 'ok  gtin           06921168509256'],
    ['6921168509255', 'BAD invalid        at 12: incorrect check digit, should be 6 -- 6921168509255'],
    ['(10)A\u001b[2J', 'BAD invalid        at 5: not text -- (10)A\\u001b[2J'],
    ['4111111111111111', 'ok  card_number   '],
    [
      '(01)09506000134352(3103)000450',
      'ok  gtin           09506000134352 weight 0.450 kg (01) GTIN 09506000134352; (3103) NET WEIGHT (kg) 000450;',
    ],
  ])('%j: %s', (code, words) => {
    expect(reportWords(reportOn(code, SETTING))).toBe(words);
  });
});

test('a slow reader holds it up, and gets every line in order', async () => {
  const codes = Array.from({ length: 5_000 }, (_, n) => String(n));
  let text = '';
  const slow = new Writable({
    highWaterMark: 1_000,
    write(chunk, _encoding, done) {
      text += chunk;
      setTimeout(done, 1);
    },
  });
  await scanCodes(codes, slow, { json: true, setting: SETTING });
  slow.end();
  await once(slow, 'finish');
  const inputs = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).input);
  expect(inputs).toEqual(codes);
});

describe('the command', () => {
  test('arguments: one JSON object a line, and exit code 0 though one is wrong', async () => {
    const codes = ['6921168509256', '6921168509255', '(01)09506000134352'];
    const { stdout } = await run(process.execPath, [TOOL, 'scan', '--json', ...codes]);
    const answers = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(answers.map(({ input, valid }) => [input, valid])).toEqual([
      ['6921168509256', true],
      ['6921168509255', false],
      ['(01)09506000134352', true],
    ]);
  });

  test('a template that is none: a sentence and exit code 1', async () => {
    await expect(run(process.execPath, [TOOL, 'scan', '--templates', 'x', '1'])).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('counterfoil: x is no template'),
    });
  });

  test('100,000 lines with GS from stdin are answered in order', async () => {
    const child = spawn(process.execPath, [TOOL, 'scan', '--json'], { cwd: path.dirname(TOOL) });
    const input = Array.from({ length: 100_000 }, (_, n) => `]C1010950600013435210${n}\u001d17261231\n`).join(
      '',
    );
    child.stdin.end(input);
    let [count, wrong, rest] = [0, 0, ''];
    for await (const chunk of child.stdout.setEncoding('utf8')) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop()!;
      for (const line of lines) {
        const { valid, batch } = JSON.parse(line);
        if (valid !== true || batch !== String(count)) wrong++;
        count++;
      }
    }
    expect([count, wrong, rest]).toEqual([100_000, 0, '']);
  });

  test('a line is answered before the next one comes', async () => {
    const child = spawn(process.execPath, [TOOL, 'scan', '--json'], { stdio: ['pipe', 'pipe', 'inherit'] });
    child.stdin.write('4011\n');
    const [chunk] = (await once(child.stdout, 'data')) as [Buffer];
    expect(JSON.parse(chunk.toString())).toMatchObject({ input: '4011' });
    child.stdin.end();
    expect((await once(child, 'exit'))[0]).toBe(0);
  });

  test('a reader who goes away ends it without a word', async () => {
    const child = spawn(process.execPath, [TOOL, 'scan'], { stdio: ['pipe', 'pipe', 'pipe'] });
    child.stdin.on('error', () => {});
    let stderr = '';
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    child.stdout.once('data', () => child.stdout.destroy());
    for (let n = 0; n < 50 && child.exitCode === null; n++) {
      child.stdin.write('6921168509256\n'.repeat(5_000));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    child.stdin.end();
    const [code] = child.exitCode === null ? await once(child, 'exit') : [child.exitCode];
    expect([code, stderr]).toEqual([0, '']);
  });
});

/**
 * A till whose devices are wrong: its scanner at another speed, in another layout, pulled in the middle of a code, held by
 * another program. On real PTYs, through drivers in processes of their own. Nothing is sold that was not scanned, the cashier
 * is told, and the next code sells.
 */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openHosted } from '../../native/hosted.ts';
import { openPtyPair } from '../../native/pty.ts';
import { VirtualTerminal } from '../../src/devices/virtual-terminal.ts';
import { VirtualWallet } from '../../src/devices/virtual-wallet.ts';
import { deviceBench } from '../../src/till/device-bench.ts';
import { type VirtualLine, virtualLine } from '../../src/till/virtual-line.ts';
import { openCloud, QUICK, type TestCloud } from '../kit/cloud.ts';
import { atOtherBaud } from '../kit/other-baud.ts';
import { aTillFolder, openTill, sell } from '../kit/till.ts';
import type { TillClient } from '../kit/till-client.ts';
import { until } from '../kit/until.ts';

/** T1001, a towel of 15.00. */
const TOWEL = '6909990000011';
const WIDE_TOWEL = TOWEL.replaceAll(/\d/g, (digit) => String.fromCharCode(0xff10 + Number(digit)));

let cloud: TestCloud;
let folder: string;
beforeAll(async () => {
  cloud = await openCloud(QUICK);
  folder = await aTillFolder(cloud, { code: 'D01' });
  // With goods in it, so that every till below sells at once.
  await (await openTill(folder, { openPrinter: null })).stop();
});
afterAll(() => cloud.close());

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A till of that folder whose one scanner is at this address. */
async function withScanner(address: string, line: VirtualLine | null = null): Promise<TillClient> {
  const bench = deviceBench(
    { load: () => ({ settings: null, problem: null }), save: () => {} },
    { scanner: address },
    {
      opener: () => () => line!.open(),
      terminal: new VirtualTerminal({ takesMs: 0 }),
      wallets: new VirtualWallet({ takesMs: 0 }),
    },
  );
  const till = await openTill(folder, { openPrinter: null, sync: false, bench });
  closing.push(() => till.stop());
  const client = await till.client();
  if (client.view.basket.lines.length > 0) await client.call('clearBasket', {});
  return client;
}

const ready = (client: TillClient) =>
  until(() => client.view.scanner.state === 'ready', 'the scanner is there');
const pieces = (client: TillClient) => client.view.basket.lines.reduce((sum, { qty }) => sum + (qty ?? 0), 0);
const bytes = (text: string) => new TextEncoder().encode(text);

describe.skipIf(openPtyPair() === null)(
  'scanners on a PTY, in a process of their own (skipped: no PTYs here)',
  () => {
    function aLine() {
      const pair = openPtyPair()!;
      closing.push(() => pair.close());
      return pair;
    }

    test('read at 1200 to 115200 baud, what was sent at 9600 sells nothing; at 9600 it sells one', async () => {
      const { path, master } = aLine();
      const client = await withScanner(`serial:${path}@9600`);
      await ready(client);
      for (const readBaud of [1_200, 2_400, 4_800, 14_400, 19_200, 38_400, 57_600, 115_200]) {
        const noise = atOtherBaud(bytes(`${TOWEL}\r\n`), 9_600, readBaud);
        await master.write(noise);
        // Ends whatever frame the noise has begun, as the next reader's line end would.
        await master.write(bytes('\r'));
      }
      await until(() => client.view.notice?.level === 'bad', 'the cashier is told');
      await master.write(atOtherBaud(bytes(`${TOWEL}\r\n`), 9_600, 9_600));
      await until(() => pieces(client) > 0, 'the right speed');
      expect(pieces(client)).toBe(1);
      await sell(client, []);
    });

    test('a port that another program holds is port_taken on the device page, and sales go on; once it lets go, codes come', async () => {
      const { path, master } = aLine();
      const other = await openHosted({ driver: 'serial', path, baudRate: 9_600 });
      const client = await withScanner(`serial:${path}@9600`);
      await until(async () => {
        const { cards } = await client.call('deviceBoard', {});
        const { state, detail } = cards.find(({ role }) => role === 'scanner')!;
        return state === 'absent' && detail === 'port_taken';
      }, 'the scanner is another program’s');
      await sell(client, ['T1001']);
      await other.close();
      await client.call('retryDevices', {});
      await ready(client);
      await master.write(bytes(`${TOWEL}\r`));
      await until(() => pieces(client) === 1, 'the code');
    });

    test('half a HID report is no code and spoils none: the cashier is told, and the next report sells', async () => {
      const { path, master } = aLine();
      const client = await withScanner(`hid:${path}`);
      await ready(client);
      const report = new Uint8Array(64);
      report.set([2, TOWEL.length, ...bytes(`]E0${TOWEL}`)]);
      await master.write(report.subarray(0, 9));
      await until(() => client.view.notice?.error?.kind === 'not_text', 'the cashier is told');
      await master.write(report);
      await until(() => pieces(client) > 0, 'the code');
      expect(pieces(client)).toBe(1);
    });
  },
);

describe('one scanner on a line that is pulled', () => {
  test('pulled after each of the 15 bytes of a code: half a code is never sold, never joined to the next', async () => {
    const line = virtualLine();
    closing.push(() => line.close());
    const client = await withScanner('virtual', line);
    await client.call('setDevice', {
      device: { role: 'scanner', index: 0, setting: { address: 'virtual', prefix: '', suffix: 'line' } },
    });
    const code = bytes(`${TOWEL}\r\n`);
    let sold = 0;
    for (let at = 0; at <= code.length; at++) {
      await ready(client);
      await line.far.write(code.subarray(0, at));
      // From the CR on it is a whole code.
      if (at > TOWEL.length) sold++;
      await until(() => pieces(client) === sold, `${at} bytes`);
      await line.unplug();
      await until(() => client.view.scanner.state === 'absent', 'it is pulled');
      line.plug();
      await client.call('retryDevices', {});
      await ready(client);
      await line.far.write(code);
      sold++;
      await until(() => pieces(client) === sold, `the code after ${at} bytes`);
    }
    expect(pieces(client)).toBe(18);
  });

  test.each([
    ['a scanner set to French on a US keyboard', '^()((()))))!!', { kind: 'scanner_layout' }],
    ['a scanner set to US on a French keyboard', '-çàçççàààà&&', { kind: 'scanner_layout' }],
    ['Caps Lock and a letter in the digits', '69O999000OO11', { kind: 'unknown_code' }],
    ['a full-width input method', WIDE_TOWEL, null],
  ])('%s', async (_, sent, error) => {
    const line = virtualLine();
    closing.push(() => line.close());
    const client = await withScanner('virtual', line);
    await ready(client);
    const before = client.view.notice;
    await line.far.write(bytes(`${sent}\r`));
    await until(() => client.view.notice !== before && client.view.notice !== null, 'what it was taken for');
    if (error === null) expect(client.view.notice!.level).toBe('good');
    else expect(client.view.notice!.error).toMatchObject(error);
    expect(pieces(client)).toBe(error === null ? 1 : 0);
  });
});

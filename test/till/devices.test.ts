/** The till's devices: set up on the page and kept, tested, pulled and plugged in, hung and crashed, beside the sale. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { BytePort } from '../../src/core/ports.ts';
import { DeviceError } from '../../src/devices/ports.ts';
import { VirtualTerminal } from '../../src/devices/virtual-terminal.ts';
import { VirtualWallet } from '../../src/devices/virtual-wallet.ts';
import type { CustomerView } from '../../src/till/api-customer.ts';
import { deviceBench, type GivenDevices } from '../../src/till/device-bench.ts';
import { settingsFile } from '../../src/till/device-settings.ts';
import { systemClock } from '../../src/till/run.ts';
import { makeVirtualDevices } from '../../src/till/virtual.ts';
import { type VirtualLine, virtualLine } from '../../src/till/virtual-line.ts';
import { openCloud, QUICK, type TestCloud } from '../kit/cloud.ts';
import { aPng } from '../kit/png.ts';
import { aTillFolder, openTill, sell, type TestTill } from '../kit/till.ts';
import { TillClient } from '../kit/till-client.ts';
import { until } from '../kit/until.ts';

let cloud: TestCloud;
let folder: string;
beforeAll(async () => {
  cloud = await openCloud(QUICK);
  folder = await aTillFolder(cloud, { code: 'D01' });
  // With goods in it, so that every till below sells at once.
  await (await openTill(folder, { openPrinter: null })).stop();
});
afterAll(() => cloud.close());

interface Desk {
  readonly till: TestTill;
  readonly client: TillClient;
  readonly lines: Readonly<Record<'scanner' | 'printer' | 'scale' | 'display', VirtualLine>>;
  readonly played: ReturnType<typeof makeVirtualDevices>;
  scan(code: string): Promise<void>;
}

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A till of that folder with virtual devices at hand for whatever role wants one. */
async function aDesk(given: GivenDevices = {}): Promise<Desk> {
  const lines = {
    scanner: virtualLine(),
    printer: virtualLine(),
    scale: virtualLine(),
    display: virtualLine(),
  };
  const virtual = {
    opener: (role: keyof typeof lines) => () => lines[role].open(),
    terminal: new VirtualTerminal({ takesMs: 0 }),
    wallets: new VirtualWallet({ takesMs: 0 }),
  };
  const weighing = { everyMs: 20, timeoutMs: 400 };
  const bench = {
    ...deviceBench(settingsFile(folder), given, virtual),
    weighing,
  };
  const till = await openTill(folder, { openPrinter: null, sync: false, logo: true, bench });
  const played = makeVirtualDevices({
    lines,
    setup: () => till.till.devices,
    clock: systemClock,
    payments: [],
  });
  const client = await till.client();
  closing.push(async () => {
    await till.stop();
    await Promise.all(Object.values(lines).map((line) => line.close()));
  });
  return { till, client, lines, played, scan: (code) => played.scan(code) };
}

const PRINTER = { address: 'virtual', profile: 'epson-80-gb18030', encoding: null, columns: null } as const;
const SCANNER = { address: 'virtual', prefix: '', suffix: 'line' } as const;
const SCALE = { address: 'virtual', protocol: 'toledo-8217', unit: 'kg' } as const;

async function stateOf({ client }: Desk, role: string): Promise<string> {
  const { cards } = await client.call('deviceBoard', {});
  return cards.find((card) => card.role === role)!.state;
}

describe('setting up', () => {
  test('a till without devices has a page that says so, and sells', async () => {
    const desk = await aDesk();
    const { cards } = await desk.client.call('deviceBoard', { look: true });
    expect(cards.map(({ role, state }) => `${role} ${state}`)).toEqual([
      'scanner none',
      'printer none',
      'drawer none',
      'scale none',
      'display none',
      'customer_screen none',
      'terminal none',
    ]);
    await sell(desk.client, ['T1001']);
  });

  test('a printer that is bound prints a test slip at once, as wide as it was set up', async () => {
    const desk = await aDesk();
    await desk.client.call('setDevice', {
      device: { role: 'printer', setting: { ...PRINTER, columns: 42 } },
    });
    await desk.client.call('testDevice', { role: 'printer' });
    await until(() => desk.played.paper(1).length === 1, 'the test slip');
    const slip = desk.played.paper(1)[0]!.text;
    expect(slip).toContain('123456789012345678901234567890123456789012\n');
    expect(slip).toContain('epson-80-gb18030');
    expect(slip).toContain('收銀 會員');
  });

  test('what was set up is there after a restart, and a sale prints on it', async () => {
    const desk = await aDesk();
    expect((await desk.client.call('deviceBoard', {})).settings.printer.columns).toBe(42);
    await sell(desk.client, ['T1001']);
    await until(() => desk.played.paper(1).length === 1, 'the receipt');
  });

  test('two roles cannot hold one line, whatever its speed', async () => {
    const desk = await aDesk();
    await desk.client.call('setDevice', {
      device: { role: 'scale', setting: { ...SCALE, address: 'serial:/dev/ttyS77@9600,7e1' } },
    });
    const display = {
      address: 'serial:/dev/ttyS77@2400',
      language: 'escpos',
      columns: 20,
      encoding: 'gbk',
    } as const;
    expect(await desk.client.refusal('setDevice', { device: { role: 'display', setting: display } })).toEqual(
      { kind: 'device_taken', by: 'scale' },
    );
    expect(await stateOf(desk, 'scale')).toBe('absent');
    await desk.client.call('setDevice', {
      device: { role: 'scale', setting: { ...SCALE, address: 'none' } },
    });
  });

  test.each([
    ['serial', 'is no address of this device'],
    ['tcp:printer:99999', 'is no address of this device'],
    ['hid:/dev/hidraw0', 'is no address of this device'],
    ['serial:/dev/x@3', 'is no address of this device'],
  ])(
    '%s is refused for a printer, with the forms that are known; nothing is changed',
    async (address, words) => {
      const desk = await aDesk();
      const before = readFileSync(path.join(folder, 'devices.json'), 'utf8');
      const error = await desk.client.refusal('setDevice', {
        device: { role: 'printer', setting: { ...PRINTER, address } },
      });
      expect(error).toMatchObject({ kind: 'bad_request' });
      expect((error as { what: string }).what).toContain(words);
      expect((error as { what: string }).what).toContain('tcp:192.168.1.9:9100');
      expect(readFileSync(path.join(folder, 'devices.json'), 'utf8')).toBe(before);
    },
  );

  test('an address of the command line holds for this start, and the page cannot change it', async () => {
    const desk = await aDesk({ printer: 'tcp:127.0.0.1:9' });
    const board = await desk.client.call('deviceBoard', {});
    expect(board.settings.printer.address).toBe('tcp:127.0.0.1:9');
    expect(board.cards.find(({ role }) => role === 'printer')).toMatchObject({ fixed: true });
    expect(await desk.client.refusal('setDevice', { device: { role: 'printer', setting: PRINTER } })).toEqual(
      { kind: 'device_fixed' },
    );
  });

  test('a devices.json that is damaged is told by its field, the till starts without, and it is kept aside', async () => {
    const file = path.join(folder, 'devices.json');
    const good = readFileSync(file, 'utf8');
    writeFileSync(file, good.replace('epson-80-gb18030', 'epson-99'));
    const desk = await aDesk();
    const { problem, settings } = await desk.client.call('deviceBoard', {});
    expect(problem).toContain('devices.json: printer.profile: ');
    expect(problem).toContain('devices.json.bad');
    expect(settings.printer.address).toBe('none');
    await sell(desk.client, ['T1001']);
    await desk.client.call('setDevice', { device: { role: 'printer', setting: PRINTER } });
    expect(readFileSync(`${file}.bad`, 'utf8')).toContain('epson-99');
    expect(JSON.parse(readFileSync(file, 'utf8')).printer.profile).toBe('epson-80-gb18030');
  });
});

describe('the logo', () => {
  const file = () => path.join(folder, 'logo.png');
  const receipts = (desk: Desk) => desk.played.paper(9).length;

  test('logo.png of 96 x 60 dots heads a receipt; one of 20 megapixels is said on the page, and the receipt comes without', async () => {
    writeFileSync(file(), aPng(96, 60));
    const desk = await aDesk();
    await until(async () => (await stateOf(desk, 'printer')) === 'ready', 'the printer');
    await sell(desk.client, ['T1001']);
    await until(() => receipts(desk) === 1, 'the first receipt');
    const withLogo = desk.played.paper(1)[0]!;
    // Sixty rows come in bands of 24.
    const band = 'M0 0h96v24h-96z';
    expect(withLogo.svg.split(band)).toHaveLength(3);
    expect((await desk.client.call('deviceBoard', {})).problem).toBeNull();

    writeFileSync(file(), aPng(1, 1, { width: 5_000, height: 4_000 }));
    await sell(desk.client, ['T1001']);
    await until(() => receipts(desk) === 2, 'the receipt without a logo');
    const without = desk.played.paper(1)[0]!;
    expect(without.svg.includes(band)).toBe(false);
    expect(without.text).toContain('纯棉毛巾');
    expect((await desk.client.call('deviceBoard', {})).problem).toContain('5000 × 4000 pixels');

    rmSync(file());
    await sell(desk.client, ['T1001']);
    await until(() => receipts(desk) === 3, 'the third receipt');
    expect((await desk.client.call('deviceBoard', {})).problem).toBeNull();
  });
});

describe('scanners', () => {
  test('a scan test shows codes and sells nothing; a pay code is not shown; after it codes sell again', async () => {
    const desk = await aDesk({ scanner: 'virtual' });
    await desk.client.call('setDevice', { device: { role: 'scanner', index: 0, setting: SCANNER } });
    await until(() => desk.client.view.scanner.state === 'ready', 'the scanner');
    await desk.client.call('scanTest', { on: true });
    await desk.scan(']E04006381333931');
    await desk.scan('134567890123456789');
    let board = await desk.client.call('deviceBoard', {});
    await until(async () => {
      board = await desk.client.call('deviceBoard', {});
      return board.heard.length === 2;
    }, 'both codes');
    expect(board.heard.map(({ text, aim, kind }) => ({ text, aim, kind }))).toEqual([
      { text: null, aim: null, kind: 'payment_code' },
      { text: '4006381333931', aim: ']E0', kind: 'gtin' },
    ]);
    expect(desk.client.view.notice).toBeNull();
    await desk.client.call('scanTest', { on: false });
    await desk.scan('4006381333931');
    await until(() => desk.client.view.notice !== null, 'the till hears it');
    expect(desk.client.view.notice!.error).toMatchObject({ kind: 'unknown_code' });
  });

  test('a second scanner is read beside the first, and one that is taken away is not missed', async () => {
    const desk = await aDesk();
    const gone = { ...SCANNER, address: 'serial:/dev/ttyS78@9600' };
    await desk.client.call('setDevice', { device: { role: 'scanner', index: 1, setting: gone } });
    await until(() => desk.client.view.scanner.state === 'absent', 'the second is missed');
    await desk.client.call('scanTest', { on: true });
    await desk.scan('4006381333931');
    await until(async () => (await desk.client.call('deviceBoard', {})).heard.length === 1, 'the first');
    await desk.client.call('setDevice', { device: { role: 'scanner', index: 1, setting: null } });
    await until(() => desk.client.view.scanner.state === 'ready', 'nobody is missed');
  });

  test('pulled and plugged in, a scanner is there again by itself', async () => {
    const desk = await aDesk();
    await until(() => desk.client.view.scanner.state === 'ready', 'the scanner');
    await desk.lines.scanner.unplug();
    await until(() => desk.client.view.scanner.state === 'absent', 'the pulled scanner');
    desk.lines.scanner.plug();
    await desk.client.call('retryDevices', {});
    await until(() => desk.client.view.scanner.state === 'ready', 'the scanner again');
    await desk.scan('4006381333931');
    await until(() => desk.client.view.notice?.error?.kind === 'unknown_code', 'its code');
  });
});

describe('scale', () => {
  test.each(['toledo-8217', 'cas', 'mt-sics'] as const)(
    '%s: 1.234 kg at rest is weighed; moving, empty and over 15 kg are said and sell nothing',
    async (protocol) => {
      const desk = await aDesk();
      await desk.client.call('setDevice', { device: { role: 'scale', setting: { ...SCALE, protocol } } });
      await until(async () => (await stateOf(desk, 'scale')) === 'ready', 'the scale');
      await desk.played.touch({ scale: { weightG: 1_234 } });
      const weighed = await desk.client.call('weigh', {});
      expect(weighed).toEqual({ weightG: 1_234, text: '1.234 kg', net: false });
      const refused = async (weightG: number, moving: boolean) => {
        await desk.played.touch({ scale: { weightG, moving } });
        return desk.client.refusal('weigh', {});
      };
      expect(await Promise.all([refused(800, true)]), 'the hand is on it').toEqual([
        { kind: 'scale', why: 'moving' },
      ]);
      expect(await refused(15_001, false)).toEqual({ kind: 'scale', why: 'over_capacity' });
      if (protocol === 'toledo-8217') {
        expect(await refused(0, false)).toEqual({ kind: 'scale', why: 'empty' });
      }
    },
    30_000,
  );

  test('without a scale, and with one whose cable is out, weighing says which', async () => {
    const desk = await aDesk();
    await until(async () => (await stateOf(desk, 'scale')) === 'ready', 'the scale');
    await desk.lines.scale.unplug();
    await until(() => desk.client.view.devices.troubled.includes('scale'), 'the pulled scale');
    expect(await desk.client.refusal('weigh', {})).toEqual({ kind: 'scale', why: 'gone' });
    await desk.client.call('setDevice', {
      device: { role: 'scale', setting: { ...SCALE, address: 'none' } },
    });
    expect(await desk.client.refusal('weigh', {})).toEqual({ kind: 'scale', why: 'none' });
  });
});

describe('drawer', () => {
  test('its level is learned from one look, and then says open and shut', async () => {
    const desk = await aDesk();
    await until(async () => (await stateOf(desk, 'printer')) === 'ready', 'the printer');
    expect((await desk.client.call('deviceBoard', {})).drawerOpen).toBeNull();
    const learned = await desk.client.call('learnDrawer', { open: false });
    expect(learned.settings.drawer.openLevel).toBe('high');
    await until(() => desk.client.view.devices.drawerOpen === false, 'shut');
    await desk.client.call('openDrawer', { reason: 'change' });
    await until(() => desk.client.view.devices.drawerOpen === true, 'open');
    await desk.played.touch({ drawerOpen: false });
    await until(() => desk.client.view.devices.drawerOpen === false, 'shut again');
  });

  test('a printer that tells nothing cannot teach it', async () => {
    const desk = await aDesk();
    const star = { ...PRINTER, profile: 'star-80-gb18030' };
    await desk.client.call('setDevice', { device: { role: 'printer', setting: star } });
    expect(await desk.client.refusal('learnDrawer', { open: true })).toEqual({ kind: 'drawer_silent' });
    await desk.client.call('setDevice', { device: { role: 'printer', setting: PRINTER } });
  });
});

describe('what the customer sees', () => {
  const DISPLAY = { address: 'virtual', language: 'escpos', columns: 20, encoding: 'gbk' } as const;

  test.each(['escpos', 'cd5220'] as const)(
    '%s pole: the last line and the total, the change, and the next customer sees neither',
    async (language) => {
      const desk = await aDesk();
      await desk.client.call('setDevice', { device: { role: 'display', setting: { ...DISPLAY, language } } });
      const shows = (upper: string, lower: string) =>
        until(() => {
          const [one, two] = desk.played.periphery().display;
          return one === upper && two === lower;
        }, `${upper} / ${lower}`);
      await shows('南京西路店          ', '欢迎光临            ');
      await desk.client.call('addItem', { sku: 'T1001', qty: 2 });
      await shows('2x纯棉毛巾 素  30.00', '合计           30.00');
      const { basket } = desk.client.view;
      await desk.client.call('payCash', { basketId: basket.id, amountMinor: 5_000 });
      await shows('已付           50.00', '找零           20.00');
      await desk.client.call('addItem', { sku: 'D3001', qty: 1 });
      await until(() => desk.played.periphery().display[1].endsWith('4.50'), 'the next sale');
      await desk.client.call('clearBasket', {});
      await shows('南京西路店          ', '欢迎光临            ');
      await desk.lines.display.unplug();
      await until(() => desk.client.view.devices.troubled.includes('display'), 'the pulled display');
      await sell(desk.client, ['T1001']);
    },
  );

  test('the second screen is told the sale, without names; its token opens no till', async () => {
    const desk = await aDesk();
    await desk.client.call('setDevice', {
      device: { role: 'customer_screen', setting: { payQr: 'https://pay.example/NJ01' } },
    });
    await desk.client.call('setDevice', { device: { role: 'terminal', setting: { address: 'virtual' } } });
    const { customerAddress, port } = desk.till.server;
    const token = /#token=([0-9a-f]+)$/.exec(customerAddress)![1]!;
    const wrong = await TillClient.connect(port, token).catch((cause: Error) => cause.message);
    expect(wrong).toContain('4401');

    const views: CustomerView[] = [];
    const ws = new WebSocket(`ws://127.0.0.1:${port}/customer`, ['counterfoil-customer-1', `token-${token}`]);
    ws.on('message', (data) => views.push((JSON.parse(String(data)) as { view: CustomerView }).view));
    await until(() => views.at(-1)?.phase === 'idle', 'nobody is served');
    const [member] = await desk.client.call('searchMembers', { text: '13800001007', limit: 1 });
    await desk.client.call('setMember', { memberId: member!.id });
    await desk.client.call('addItem', { sku: 'T1001', qty: 2 });
    await until(() => views.at(-1)!.lines.length === 1, 'the line');
    expect(views.at(-1)).toMatchObject({ phase: 'selling', pieces: 2, ask: null, payQrSvg: null });
    expect(views.at(-1)!.totalMinor).toBe(desk.client.view.basket.totalMinor);
    expect(JSON.stringify(views)).not.toContain(member!.name);
    const { basket } = desk.client.view;
    await desk.client.call('pay', {
      basketId: basket.id,
      totalMinor: basket.totalMinor,
      tenderId: crypto.randomUUID(),
      tender: { kind: 'wallet', amountMinor: basket.totalMinor },
    });
    await until(() => views.at(-1)!.ask === 'show_code', 'the pay code is asked for');
    expect(views.at(-1)!.payQrSvg).toMatch(/^<svg .*<path d="M/);
    await desk.client.call('cancelPending', {});
    await desk.client.call('payCash', { basketId: basket.id, amountMinor: 10_000 });
    await until(() => views.at(-1)!.phase === 'done', 'paid');
    expect(views.at(-1)!.changeMinor).toBe(10_000 - desk.client.view.lastSale!.payableMinor);
    // What it says is not listened to.
    ws.send(JSON.stringify({ id: 1, method: 'clearBasket', params: {} }));
    ws.terminate();
  });
});

describe('a sale waits for no device', () => {
  /** A driver that says nothing for ever. */
  const hung = (): Promise<BytePort> => new Promise(() => {});
  const crashed = (): Promise<BytePort> => Promise.reject(new Error('its driver ended (SIGSEGV)'));
  const mute = async (): Promise<BytePort> => {
    const { promise, reject } = Promise.withResolvers<void>();
    promise.catch(() => {});
    return {
      write: () => promise,
      onData: () => {},
      onClose: () => {},
      close: async () => reject(new DeviceError('disconnected', 'closed', { retry: true })),
    };
  };

  test.each([
    ['hang while they open', hung],
    ['crash when they open', crashed],
    ['open and take no byte', mute],
  ])('scanner, printer, scale and display that %s', async (_, open) => {
    const lines = Object.fromEntries(
      (['scanner', 'printer', 'scale', 'display'] as const).map((role) => [role, open]),
    );
    const bench = deviceBench(
      { load: () => ({ settings: null, problem: null }), save: () => {} },
      { scanner: 'virtual', printer: 'virtual', scale: 'virtual', display: 'virtual' },
      {
        opener: (role) => lines[role]!,
        terminal: new VirtualTerminal({ takesMs: 0 }),
        wallets: new VirtualWallet({ takesMs: 0 }),
      },
    );
    const till = await openTill(folder, { openPrinter: null, sync: false, bench });
    closing.push(() => till.stop());
    const client = await till.client();
    for (let sale = 0; sale < 5; sale++) await sell(client, ['T1001', 'D3001']);
    // The receipts wait; the sales are in the journal.
    await until(() => client.view.printer.queued >= 4, 'what waits for the printer');
    expect(till.till.journal.head.seq).toBeGreaterThanOrEqual(5);
  });
});

/** Device files, the OS spooler and HID devices, on PTYs and folders that look like the system's. */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDeviceFile } from '../../native/device-file.ts';
import { listHid, nodeHidWords, openHid } from '../../native/hid.ts';
import { openPtyPair } from '../../native/pty.ts';
import { openSpooler } from '../../native/spooler.ts';
import { hidMode, hidScannerPort } from '../../src/devices/hid-scanner-port.ts';
import { printBytes } from '../../src/devices/print.ts';
import { printerProfile } from '../../src/devices/printer-profile.ts';
import { attachVirtualPrinter, type Slip, VirtualPrinter } from '../../src/devices/virtual-printer.ts';
import { aReceipt } from '../devices/receipts.ts';
import { until } from '../kit/until.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'counterfoil-native-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(openPtyPair() === null)('device files (skipped: no PTYs here)', () => {
  test('a receipt through a device file comes out whole, and the printer answers', async () => {
    const pair = openPtyPair()!;
    const profile = printerProfile('generic-80-gb18030')!;
    const slips: Slip[] = [];
    attachVirtualPrinter(pair.master, new VirtualPrinter(profile), (output) => slips.push(...output.slips));
    const port = await openDeviceFile({ path: pair.path });
    const answers: number[] = [];
    port.onData((bytes) => answers.push(...bytes));
    await port.write(printBytes(aReceipt(), profile));
    await port.write(Uint8Array.of(0x10, 0x04, 1));
    await until(() => slips.length === 1 && answers.length === 1, 'slip and answer');
    // Bit 2: the drawer, which the receipt opened.
    expect(answers).toEqual([0x16]);
    await port.close();
    await pair.close();
  });

  test('a device pulled out is gone, and writing says so', async () => {
    const pair = openPtyPair()!;
    const port = await openDeviceFile({ path: pair.path });
    let reason = '';
    port.onClose((because) => {
      reason = because;
    });
    await pair.close();
    await until(() => reason !== '', 'the loss');
    expect(reason).toBe('disconnected');
    await expect(port.write(Uint8Array.of(1))).rejects.toMatchObject({ kind: 'disconnected' });
  });

  test('no such file, a folder: told apart', async () => {
    await expect(openDeviceFile({ path: '/dev/usb/lp99' })).rejects.toMatchObject({
      kind: 'not_found',
      retry: true,
    });
    await expect(openDeviceFile({ path: '/dev' })).rejects.toMatchObject({
      kind: 'unsupported',
      retry: false,
    });
  });

  test('a HID scanner is read like a line: report in, AIM identifier, code and CR out', async () => {
    const pair = openPtyPair()!;
    const device = await openHid(pair.path);
    const port = hidScannerPort(device, { mode: 'pos', descriptor: null }, () => performance.now());
    let line = '';
    port.onData((bytes) => {
      line += Buffer.from(bytes).toString();
    });
    const report = new Uint8Array(64);
    report.set([2, 8, ...Buffer.from(']E480042563')]);
    await pair.master.write(report);
    await until(() => line !== '', 'the code');
    expect(line).toBe(']E480042563\r');
    await pair.master.write(report.subarray(0, 20));
    await until(() => line.length > 12, 'the garbage');
    expect(line.slice(12)).toBe('\u0001\r');
    await expect(device.sendFeature(Uint8Array.of(254, 1))).rejects.toMatchObject({ kind: 'unsupported' });
    await port.close();
    await pair.close();
  });
});

describe.skipIf(process.platform !== 'linux')('HID devices', () => {
  test('are listed from sysfs with their descriptors: a scanner, a keyboard', async () => {
    const sysfs = path.join(folder, 'sys');
    for (const [name, id, words, descriptor] of [
      ['hidraw10', '0003:00000C2E:00000B61', 'A scanner', '058c0902a101c0'],
      ['hidraw2', '0003:0000046D:0000C31C', 'A keyboard', '05010906a101c0'],
    ] as const) {
      const device = path.join(sysfs, 'class/hidraw', name, 'device');
      mkdirSync(device, { recursive: true });
      writeFileSync(path.join(device, 'uevent'), `DRIVER=hid\nHID_ID=${id}\nHID_NAME=${words}\nHID_UNIQ=\n`);
      writeFileSync(path.join(device, 'report_descriptor'), Buffer.from(descriptor, 'hex'));
    }
    const found = await listHid(sysfs);
    expect(
      found.map(({ path: file, vendorId, productId, product, serialNo }) => [
        file,
        vendorId,
        productId,
        product,
        serialNo,
      ]),
    ).toEqual([
      ['/dev/hidraw2', '046d', 'c31c', 'A keyboard', null],
      ['/dev/hidraw10', '0c2e', '0b61', 'A scanner', null],
    ]);
    expect(found.map(({ descriptor }) => hidMode(descriptor))).toEqual(['keyboard', 'pos']);
    expect(await listHid(path.join(folder, 'nothing'))).toEqual([]);
  });

  test('a node-hid that does not load says what to install', () => {
    expect(nodeHidWords({ code: 'MODULE_NOT_FOUND', message: "Cannot find module 'node-hid'" })).toContain(
      'npm install node-hid',
    );
    expect(
      nodeHidWords({ message: 'libusb-1.0.so.0: cannot open shared object file: No such file or directory' }),
    ).toBe('node-hid needs libusb-1.0.so.0, which this machine lacks: apt-get install libusb-1.0-0 libudev1');
  });
});

describe.skipIf(process.platform === 'win32')('the OS spooler', () => {
  const lp = (body: string) => {
    const program = path.join(folder, `lp-${Math.floor(performance.now() * 1000)}`);
    writeFileSync(program, `#!/bin/sh\n${body}\n`);
    chmodSync(program, 0o755);
    return program;
  };

  test('one write is one raw job, byte for byte', async () => {
    const out = path.join(folder, 'job');
    const port = await openSpooler({
      printer: 'Kasse_1',
      program: lp(`echo "$@" > ${out}.args; cat > ${out}`),
    });
    const bytes = Uint8Array.from({ length: 100_000 }, (_, index) => index);
    await port.write(bytes);
    expect(Uint8Array.from(readFileSync(out))).toEqual(bytes);
    expect(readFileSync(`${out}.args`, 'utf8')).toBe('-d Kasse_1 -o raw -s\n');
    expect(port.oneWay).toBe(true);
    await port.close();
    await expect(port.write(bytes)).rejects.toMatchObject({ kind: 'disconnected' });
  });

  test('a refusal, a program that hangs, one that is not there, a name that is an option: four kinds', async () => {
    const bytes = Uint8Array.of(1);
    const refused = await openSpooler({
      printer: 'p',
      program: lp('echo "lp: no such printer" >&2; exit 1'),
    });
    await expect(refused.write(bytes)).rejects.toMatchObject({
      kind: 'io',
      message: 'p: lp: no such printer',
    });
    const hangs = await openSpooler({ printer: 'p', program: lp('exec sleep 30'), timeoutMs: 100 });
    await expect(hangs.write(bytes)).rejects.toMatchObject({ kind: 'timeout' });
    const missing = await openSpooler({ printer: 'p', program: path.join(folder, 'no-lp') });
    await expect(missing.write(bytes)).rejects.toMatchObject({ kind: 'not_found' });
    await expect(openSpooler({ printer: '-o evil' })).rejects.toMatchObject({ kind: 'not_found' });
  });
});

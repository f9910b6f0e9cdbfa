/** Serial ports over real PTYs: every byte, both ways, and every way a port goes away. */
import { closeSync, readSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterEach, describe, expect, test } from 'vitest';
import { openPtyPair, type PtyPair } from '../../native/pty.ts';
import { openSerial, serialError } from '../../native/serial.ts';
import type { BytePort } from '../../src/core/ports.ts';
import type { Scan } from '../../src/devices/ports.ts';
import { printBytes } from '../../src/devices/print.ts';
import { printerProfile } from '../../src/devices/printer-profile.ts';
import { Scanner } from '../../src/devices/scanner.ts';
import { aReceipt } from '../devices/receipts.ts';

const hasPty = process.platform === 'linux' && process.arch === 'x64';
const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((port) => port.close()));
});

async function aLine(settings: { writeTimeoutMs?: number } = {}): Promise<{ pair: PtyPair; port: BytePort }> {
  const pair = openPtyPair()!;
  const port = await openSerial({ path: pair.path, baudRate: 9600, ...settings });
  open.push(port, pair);
  return { pair, port };
}

/** Resolves when the port delivered that many bytes. */
function bytesFrom(port: BytePort, count: number): Promise<Uint8Array> {
  const got: number[] = [];
  return new Promise((resolve) => {
    port.onData((bytes) => {
      for (const byte of bytes) got.push(byte);
      if (got.length >= count) resolve(Uint8Array.from(got));
    });
  });
}

const closeReason = (port: BytePort) => new Promise<string>((resolve) => port.onClose(resolve));

describe.skipIf(!hasPty)('serial over a PTY (skipped: no PTY helper for this platform)', () => {
  test('all 256 byte values pass both ways unharmed, and nothing is echoed', async () => {
    const { pair, port } = await aLine();
    const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    const [toDevice, toTill] = [bytesFrom(pair.master, 256), bytesFrom(port, 256)];
    await Promise.all([port.write(all), pair.master.write(all)]);
    expect(await toDevice).toEqual(all);
    expect(await toTill).toEqual(all);
  });

  test('100 KB both ways at once lose no byte', async () => {
    const { pair, port } = await aLine();
    const many = Uint8Array.from({ length: 100_000 }, (_, index) => (index * 7) & 0xff);
    const [toDevice, toTill] = [bytesFrom(pair.master, many.length), bytesFrom(port, many.length)];
    await Promise.all([port.write(many), pair.master.write(many)]);
    expect(Buffer.compare(await toDevice, many)).toBe(0);
    expect(Buffer.compare(await toTill, many)).toBe(0);
  });

  test('a code sent by the scanner arrives as a Scan, its AIM identifier apart', async () => {
    const { pair, port } = await aLine();
    const scanner = new Scanner();
    const scanned = new Promise<Scan>((resolve) => {
      port.onData((bytes) => scanner.feed(bytes, 1000).forEach(resolve));
    });
    await pair.master.write(new TextEncoder().encode(']E04006381333931\r\n'));
    expect(await scanned).toEqual({ text: '4006381333931', aim: ']E0', atMs: 1000 });
  });

  test('a printed receipt arrives at the printer byte for byte', async () => {
    const { pair, port } = await aLine();
    const bytes = printBytes(aReceipt(), printerProfile('generic-80-gb18030')!);
    const arrived = bytesFrom(pair.master, bytes.length);
    await port.write(bytes);
    expect(await arrived).toEqual(bytes);
  });

  test('pulling the plug closes the port once, and later writes are refused as disconnected', async () => {
    const { pair, port } = await aLine();
    const reasons: string[] = [];
    port.onClose((reason) => reasons.push(reason));
    const closed = closeReason(port);
    await pair.close();
    await closed;
    await port.close();
    expect(reasons).toHaveLength(1);
    await expect(port.write(Uint8Array.of(1))).rejects.toMatchObject({ kind: 'disconnected', retry: true });
  });

  // Linux ends a read that waits with an error, and one that comes after the hang-up with no bytes.
  test.each([
    ['at the first read', 0],
    ['while the line is quiet', 50],
  ])('a plug pulled %s is heard of', async (_moment, afterMs) => {
    const { pair, port } = await aLine();
    const closed = closeReason(port);
    if (afterMs > 0) await new Promise((resolve) => setTimeout(resolve, afterMs));
    void pair.close();
    expect(await closed).toBe('disconnected');
  });

  test('a plug pulled in the middle of a stream of bytes is heard of', async () => {
    const { pair, port } = await aLine();
    const closed = closeReason(port);
    const some = bytesFrom(port, 1);
    void pair.master.write(new Uint8Array(4000).fill(0x41)).catch(() => {});
    await some;
    void pair.close();
    expect(await closed).toBe('disconnected');
  });

  test('a port that is not there is not_found', async () => {
    await expect(openSerial({ path: '/dev/ttyCounterfoil', baudRate: 9600 })).rejects.toMatchObject({
      name: 'DeviceError',
      kind: 'not_found',
      retry: true,
    });
  });

  test('a port that another holder has open is port_taken, and free again after close', async () => {
    const { pair, port } = await aLine();
    const again = () => openSerial({ path: pair.path, baudRate: 9600 });
    await expect(again()).rejects.toMatchObject({ kind: 'port_taken', retry: true });
    await port.close();
    open.push(await again());
  });

  test('a printer that stops reading times out, and its rest is not sent after reopening', async () => {
    const helper = createRequire(import.meta.url)('@lydell/node-pty-linux-x64/pty.node');
    const { pty: path, master } = helper.open(80, 24) as { pty: string; master: number };
    const port = await openSerial({ path, baudRate: 9600, writeTimeoutMs: 300 });
    const closed = closeReason(port);
    const stalled = port.write(new Uint8Array(64 * 1024).fill(0x41));
    const behind = port.write(Uint8Array.of(0x42));
    await expect(stalled).rejects.toMatchObject({ kind: 'timeout' });
    await expect(behind).rejects.toMatchObject({ kind: 'disconnected' });
    expect(await closed).toBe('write timed out');
    open.push(await openSerial({ path, baudRate: 9600 }));
    await new Promise((resolve) => setTimeout(resolve, 50));
    const arrived = Buffer.alloc(128 * 1024);
    const count = readSync(master, arrived);
    expect(count).toBeLessThan(64 * 1024);
    expect(arrived.includes(0x42)).toBe(false);
    closeSync(master);
  });

  test('bytes that came before anybody listened are kept for the first listener', async () => {
    const { pair, port } = await aLine();
    await pair.master.write(Uint8Array.of(1, 2, 3));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await bytesFrom(port, 3)).toEqual(Uint8Array.of(1, 2, 3));
  });
});

test.each([
  ['Opening COM3: Access denied', 'port_taken'],
  ['Opening COM3: File not found', 'not_found'],
  ['Error: Permission denied, cannot open /dev/ttyUSB0', 'permission'],
  ['Error Resource temporarily unavailable Cannot lock port', 'port_taken'],
  ['Error: Input/output error', 'io'],
])('the words "%s" mean %s', (words, kind) => {
  expect(serialError('COM3', new Error(words)).kind).toBe(kind);
});

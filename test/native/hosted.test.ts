/** Hosted ports over real PTYs: a driver in its own process, and what is left of it when that hangs or crashes. */
import { spawn } from 'node:child_process';
import { afterEach, describe, expect, test } from 'vitest';
import { discover, HOST_TIMES, openHosted } from '../../native/hosted.ts';
import { openPtyPair } from '../../native/pty.ts';
import type { DeviceError } from '../../src/devices/ports.ts';
import { Scanner } from '../../src/devices/scanner.ts';
import { until } from '../kit/until.ts';

const hasPty = process.platform === 'linux' && process.arch === 'x64';
const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((port) => port.close()));
});

/** A driver is taken to hang after 0.6 s here. */
const QUICK = { ...HOST_TIMES, pingMs: 100, silentMs: 600 };

async function aLine() {
  const pair = openPtyPair()!;
  const port = await openHosted({ driver: 'serial', path: pair.path, baudRate: 9600 }, QUICK);
  open.push(port, pair);
  return { pair, port };
}

const closeReason = (port: { onClose(listener: (reason: string) => void): void }) =>
  new Promise<string>((resolve) => port.onClose(resolve));
const isGone = (pid: number) => {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
};

describe.skipIf(!hasPty)('a hosted serial port (skipped: no PTY helper for this platform)', () => {
  test('all 256 byte values pass both ways, and closing ends the process', async () => {
    const { pair, port } = await aLine();
    const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    const [toDevice, toTill]: [number[], number[]] = [[], []];
    pair.master.onData((bytes) => toDevice.push(...bytes));
    port.onData((bytes) => toTill.push(...bytes));
    await Promise.all([port.write(all), pair.master.write(all)]);
    await until(() => toDevice.length === 256 && toTill.length === 256, 'both ends have all bytes');
    expect(Uint8Array.from(toDevice)).toEqual(all);
    expect(Uint8Array.from(toTill)).toEqual(all);
    await port.close();
    expect(isGone(port.pid)).toBe(true);
    await expect(port.write(all)).rejects.toMatchObject({ kind: 'disconnected' });
  });

  test('a scanner that sends 50 codes without a pause loses none, and none comes twice', async () => {
    const { pair, port } = await aLine();
    const codes = Array.from(
      { length: 50 },
      (_, index) => `]d201069012345678921${`${index}`.padStart(6, '0')}`,
    );
    const scanner = new Scanner();
    const heard: string[] = [];
    port.onData((bytes) => {
      for (const { aim, text } of scanner.feed(bytes, performance.now())) heard.push(`${aim}${text}`);
    });
    await pair.master.write(new TextEncoder().encode(codes.map((code) => `${code}\r\n`).join('')));
    await until(() => heard.length >= codes.length, 'all codes');
    expect(heard).toEqual(codes);
  });

  test('a driver that crashes is an unplugged device: the write is refused, the port can be opened again', async () => {
    const { pair, port } = await aLine();
    const closed = closeReason(port);
    process.kill(port.pid, 'SIGSEGV');
    expect(await closed).toBe('its driver ended (SIGSEGV)');
    await expect(port.write(Uint8Array.of(1))).rejects.toMatchObject({ kind: 'disconnected', retry: true });
    const again = await openHosted({ driver: 'serial', path: pair.path, baudRate: 9600 }, QUICK);
    open.push(again);
    expect(again.pid).not.toBe(port.pid);
  });

  test('a driver that hangs is killed, and what waited for it is told so', async () => {
    const { port } = await aLine();
    const closed = closeReason(port);
    process.kill(port.pid, 'SIGSTOP');
    const written = port.write(Uint8Array.of(1)).catch((error: DeviceError) => error.message);
    expect(await closed).toBe('its driver hangs');
    expect(await written).toContain('its driver hangs');
    await until(() => isGone(port.pid), 'the hung process is gone');
  });

  test('a device pulled out closes the port, and its process ends', async () => {
    // Of another process: a PTY of ours is handed down to the host, and so never quite closed.
    const code = `import(${JSON.stringify(new URL('../../native/pty.ts', import.meta.url).href)})
      .then(({ openPtyPair }) => process.stdout.write(openPtyPair().path + '\\n'))`;
    const device = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
    const path = String(await new Promise((resolve) => device.stdout.once('data', resolve))).trim();
    const port = await openHosted({ driver: 'serial', path, baudRate: 9600 }, QUICK);
    open.push(port);
    const closed = closeReason(port);
    device.kill('SIGKILL');
    expect(await closed).toBe('disconnected');
    await until(() => isGone(port.pid), 'the process is gone');
  });
});

test('a port that is not there is not_found, in the words of the driver', async () => {
  const failed = await openHosted({ driver: 'serial', path: '/dev/ttyNOWHERE', baudRate: 9600 }).catch(
    (error: DeviceError) => error,
  );
  expect(failed).toMatchObject({ name: 'DeviceError', kind: 'not_found', retry: true });
});

test('discovery answers from its own process, with or without anything plugged in', async () => {
  const found = await discover();
  expect(Array.isArray(found.serial)).toBe(true);
  expect(found.hid === null ? found.hidWhy : found.hid).not.toBeNull();
});

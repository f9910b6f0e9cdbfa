/** Network printers over real sockets. */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { openTcp } from '../../native/tcp.ts';
import { printBytes } from '../../src/devices/print.ts';
import { printerProfile } from '../../src/devices/printer-profile.ts';
import { aReceipt } from '../devices/receipts.ts';

let server: Server | null = null;
afterEach(async () => {
  server?.close();
  server = null;
});

async function aPrinterOnTheNet(onSocket: (socket: Socket) => void): Promise<number> {
  server = createServer(onSocket).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

test('a receipt arrives whole, also when the till closes right after it', async () => {
  const arrived: Buffer[] = [];
  const ended = new Promise<void>((resolve) => {
    void aPrinterOnTheNet((socket) => {
      socket.on('data', (bytes) => arrived.push(bytes as Buffer));
      socket.on('end', () => resolve());
    }).then(async (portNo) => {
      const port = await openTcp({ host: '127.0.0.1', port: portNo });
      await port.write(bytes);
      await port.close();
    });
  });
  const bytes = printBytes(aReceipt(), printerProfile('generic-80-gb18030')!);
  await ended;
  expect(new Uint8Array(Buffer.concat(arrived))).toEqual(bytes);
});

test('a printer that nobody listens for is refused', async () => {
  const port = await aPrinterOnTheNet(() => {});
  server!.close();
  await once(server!, 'close');
  await expect(openTcp({ host: '127.0.0.1', port })).rejects.toMatchObject({ kind: 'refused', retry: true });
});

test('a printer that hangs up closes the port', async () => {
  const portNo = await aPrinterOnTheNet((socket) => socket.destroy());
  const port = await openTcp({ host: '127.0.0.1', port: portNo });
  const reason = await new Promise((resolve) => port.onClose(resolve));
  expect(reason).toBe('disconnected');
});

test('a name that no server knows is not_found', async () => {
  await expect(openTcp({ host: 'printer.invalid', port: 9100 })).rejects.toMatchObject({ kind: 'not_found' });
});

test('an answer of the printer reaches the till', async () => {
  const portNo = await aPrinterOnTheNet((socket) => socket.write(Uint8Array.of(0x12)));
  const port = await openTcp({ host: '127.0.0.1', port: portNo });
  const answer = await new Promise((resolve) => port.onData(resolve));
  expect(answer).toEqual(Uint8Array.of(0x12));
  await port.close();
});

/**
 * TCP ports: network printers, which take raw bytes on port 9100.
 */
import { connect, type Socket } from 'node:net';
import type { BytePort } from '../src/core/ports.ts';
import { DeviceError, type DeviceErrorKind } from '../src/devices/ports.ts';
import { QueuedPort, WRITE_LIMITS, type WriteLimits } from './byte-port.ts';

export interface TcpSettings extends Partial<WriteLimits> {
  readonly host: string;
  readonly port: number;
  readonly openTimeoutMs?: number;
}

/** A printer on the shop's own network answers in milliseconds; one that is off does not answer at all. */
const OPEN_TIMEOUT_MS = 3000;
/** A printer that lost power says nothing: probes find out while nobody prints. */
const KEEP_ALIVE_MS = 10_000;

/** @throws DeviceError  `not_found`, `refused`, `timeout` or `io` */
export async function openTcp(settings: TcpSettings): Promise<BytePort> {
  const socket = await connected(settings);
  socket.setNoDelay(true);
  socket.setKeepAlive(true, KEEP_ALIVE_MS);
  const port = new QueuedPort(
    {
      write: (bytes, done) => socket.write(bytes, done),
      destroy: (done) => closeSocket(socket, done),
    },
    `${settings.host}:${settings.port}`,
    { ...WRITE_LIMITS, ...settings },
  );
  socket.on('data', (bytes) => port.received(Uint8Array.from(bytes as Buffer)));
  socket.on('error', (error) => void port.shut(error.message));
  socket.on('close', () => void port.shut('disconnected'));
  return port;
}

function connected({ host, port, openTimeoutMs = OPEN_TIMEOUT_MS }: TcpSettings): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    const fail = (error: DeviceError) => {
      clearTimeout(limit);
      socket.destroy();
      reject(error);
    };
    const limit = setTimeout(
      () => fail(new DeviceError('timeout', `${host}:${port} does not answer`, { retry: true })),
      openTimeoutMs,
    );
    const onError = (error: NodeJS.ErrnoException) => fail(tcpError(`${host}:${port}`, error));
    socket.once('error', onError);
    socket.once('connect', () => {
      clearTimeout(limit);
      socket.off('error', onError);
      resolve(socket);
    });
  });
}

function tcpError(name: string, cause: NodeJS.ErrnoException): DeviceError {
  const kind = TCP_TROUBLES[cause.code ?? ''] ?? 'io';
  return new DeviceError(kind, `${name}: ${cause.message}`, { retry: true, cause });
}

const TCP_TROUBLES: Readonly<Record<string, DeviceErrorKind>> = {
  ENOTFOUND: 'not_found',
  EAI_AGAIN: 'not_found',
  EHOSTUNREACH: 'not_found',
  ENETUNREACH: 'not_found',
  ECONNREFUSED: 'refused',
  ETIMEDOUT: 'timeout',
};

/** Sends FIN after the bytes already handed over: the last lines of a receipt are not cut off by our leaving. */
function closeSocket(socket: Socket, done: () => void): void {
  if (socket.destroyed) {
    done();
    return;
  }
  const limit = setTimeout(() => socket.destroy(), CLOSE_LINGER_MS);
  socket.once('close', () => {
    clearTimeout(limit);
    done();
  });
  socket.end();
}

const CLOSE_LINGER_MS = 300;

/**
 * A printer that fails at a byte: over TCP or a PTY, with the paper it made.
 */
import { createServer, type Socket } from 'node:net';
import { openPtyPair } from '../../native/pty.ts';
import { openSerial } from '../../native/serial.ts';
import { openTcp } from '../../native/tcp.ts';
import type { BytePort } from '../../src/core/ports.ts';
import { DeviceError } from '../../src/devices/ports.ts';
import type { PrinterProfile } from '../../src/devices/printer-profile.ts';
import { VirtualPrinter } from '../../src/devices/virtual-printer.ts';

/**
 * `pull`: the cable comes out, the printer keeps what it has. `power`: it forgets all. `paper`, `cover`: it stops until a
 * hand comes. `hang`: it takes bytes and does nothing any more, until it is connected anew. `noise`: it prints well and
 * answers at random. `silent`: it prints well and never answers.
 */
export type Fault = 'pull' | 'power' | 'paper' | 'cover' | 'hang' | 'noise' | 'silent' | 'none';

export class FaultyPrinter {
  readonly slips: string[] = [];
  private readonly profile: PrinterProfile;
  private readonly fault: Fault;
  private printer: VirtualPrinter;
  private left: number;
  private hung = false;
  private putRight: (() => void) | null = null;
  private noise = 20_261_122;

  /** @param at  bytes taken before the fault */
  constructor(profile: PrinterProfile, fault: Fault, at: number) {
    this.profile = profile;
    this.fault = fault;
    this.printer = new VirtualPrinter(profile);
    this.left = at;
  }

  /** @returns what it answers; null: the line breaks now */
  feed(bytes: Uint8Array, answer: (reply: Uint8Array) => void): boolean {
    if (this.fault === 'noise' || this.fault === 'silent') {
      const reply = this.print(bytes);
      if (this.fault === 'noise' && reply.length + bytes.length > 0) answer(this.random(bytes.length % 9));
      return true;
    }
    if (this.fault === 'none') {
      answer(this.print(bytes));
      return true;
    }
    const good = bytes.subarray(0, this.left);
    const rest = bytes.subarray(good.length);
    const strikes = this.left > 0 && this.left <= bytes.length;
    this.left = strikes ? 0 : Math.max(this.left - bytes.length, 0);
    if (this.hung) return true;
    if (!strikes) {
      // Past its fault, or before it.
      answer(this.print(bytes));
      return true;
    }
    answer(this.print(good));
    switch (this.fault) {
      case 'pull':
        return false;
      case 'power':
        this.tear();
        this.printer = new VirtualPrinter(this.profile);
        return false;
      case 'hang':
        this.hung = true;
        return true;
      default: {
        const state = this.fault === 'paper' ? 'paperEnd' : 'coverOpen';
        answer(this.printer.setState({ [state]: true }).reply);
        this.putRight = () => {
          const after = this.printer.setState({ [state]: false });
          this.slips.push(...after.slips.map(({ text }) => text));
          answer(after.reply);
        };
        answer(this.print(rest));
        return true;
      }
    }
  }

  /** Somebody puts paper in, or closes the cover. */
  hand(): void {
    const { putRight } = this;
    this.putRight = null;
    putRight?.();
  }

  /** A new line to it: switched off and on again. */
  connected(): void {
    if (!this.hung) return;
    this.hung = false;
    this.tear();
    this.printer = new VirtualPrinter(this.profile);
  }

  tear(): void {
    this.slips.push(...this.printer.tearOff().slips.map(({ text }) => text));
  }

  private print(bytes: Uint8Array): Uint8Array {
    const { slips, reply } = this.printer.feed(bytes);
    this.slips.push(...slips.map(({ text }) => text));
    return reply;
  }

  private random(count: number): Uint8Array {
    return Uint8Array.from({ length: count }, () => {
      this.noise = (this.noise * 1_103_515_245 + 12_345) % 2 ** 31;
      return this.noise >> 16;
    });
  }
}

export interface PrinterLine {
  open(): Promise<BytePort>;
  /** The printer at the far end, from now on. */
  attach(printer: FaultyPrinter): void;
  close(): Promise<void>;
}

export async function tcpLine(): Promise<PrinterLine> {
  let printer: FaultyPrinter | null = null;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    const at = printer;
    at?.connected();
    socket.on('data', (bytes) => {
      const goesOn = at?.feed(Uint8Array.from(bytes as Buffer), (reply) => {
        if (!socket.destroyed && reply.length > 0) socket.write(reply);
      });
      if (goesOn === false) socket.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return {
    open: () => openTcp({ host: '127.0.0.1', port, writeTimeoutMs: 2_000 }),
    attach: (next) => {
      printer = next;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Null where there are no PTYs. Each opening after a broken line finds a new one, as a USB plug does. */
export function ptyLine(): PrinterLine | null {
  if (openPtyPair() === null) return null;
  let printer: FaultyPrinter | null = null;
  let pair: ReturnType<typeof openPtyPair> = null;
  const plugIn = () => {
    const made = openPtyPair()!;
    const at = printer;
    at?.connected();
    made.master.onData((bytes) => {
      const goesOn = at?.feed(bytes, (reply) => {
        if (reply.length > 0) made.master.write(reply).catch(() => {});
      });
      if (goesOn === false) {
        pair = null;
        void made.close();
      }
    });
    pair = made;
  };
  return {
    open: async () => {
      if (printer === null) throw new DeviceError('not_found', 'no printer', { retry: true });
      if (pair === null) plugIn();
      return openSerial({ path: pair!.path, baudRate: 115_200, writeTimeoutMs: 2_000 });
    },
    attach: (next) => {
      printer = next;
    },
    close: async () => {
      await pair?.close();
      pair = null;
    },
  };
}

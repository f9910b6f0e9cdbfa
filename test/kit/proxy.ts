/**
 * A bad line: a TCP proxy between till and cloud that cuts, stalls, corrupts and repeats bytes when told to.
 */
import { createServer, type Server, Socket } from 'node:net';

/** What happens to one piece of bytes on its way. */
export type Harm = 'none' | 'cut' | 'stall' | 'corrupt' | 'repeat';

export interface BadLine {
  /** What tills are told instead of the cloud's address. */
  readonly url: string;
  readonly counts: Readonly<Record<Harm, number>>;
  /** Where connections go from now on. */
  target: string;
  /** Asked for each piece of bytes, both ways. */
  decide: (direction: 'up' | 'down', bytes: number) => Harm;
  /** Ends every connection now. */
  cutAll(): void;
  close(): Promise<void>;
}

/** A harmed connection is ended so soon: by then the other side has had its wrong bytes, or none. */
const END_AFTER_HARM_MS = 40;

/** @param random for the place of the harm: [0, 1) */
export async function aBadLine(target: string, random: () => number): Promise<BadLine> {
  const sockets = new Set<Socket>();
  const counts: Record<Harm, number> = { none: 0, cut: 0, stall: 0, corrupt: 0, repeat: 0 };
  const server = createServer((near) => {
    const { hostname, port } = new URL(line.target);
    const far = new Socket();
    const end = () => {
      for (const socket of [near, far]) {
        sockets.delete(socket);
        socket.destroy();
      }
    };
    let stalled = false;
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', end);
      socket.on('close', end);
    }
    const carry = (direction: 'up' | 'down', to: Socket) => (bytes: Buffer) => {
      if (stalled) return;
      const harm = line.decide(direction, bytes.length);
      counts[harm]++;
      const at = Math.floor(random() * bytes.length);
      if (harm !== 'none') setTimeout(end, END_AFTER_HARM_MS);
      switch (harm) {
        case 'none':
          to.write(bytes);
          return;
        case 'cut':
          // A part of it arrives, then nothing ever again.
          to.write(bytes.subarray(0, at), end);
          return;
        case 'stall':
          stalled = true;
          return;
        case 'corrupt': {
          const changed = Buffer.from(bytes);
          changed[at] = changed[at]! ^ (1 << Math.floor(random() * 8));
          to.write(changed);
          return;
        }
        case 'repeat':
          to.write(bytes);
          to.write(bytes.subarray(at));
          return;
      }
    };
    far.connect(Number(port), hostname);
    near.on('data', carry('up', far));
    far.on('data', carry('down', near));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const line: BadLine = {
    url: `http://127.0.0.1:${portOf(server)}`,
    counts,
    target,
    decide: () => 'none',
    cutAll: () => {
      for (const socket of sockets) socket.destroy();
    },
    close: async () => {
      line.cutAll();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
  return line;
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a proxy listens on a port');
  return address.port;
}

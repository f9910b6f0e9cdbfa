/** A real HTTP server that answers webhooks as a test wants: with a status, after another, or not at all. */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { verifySignature } from '../../src/client/signature.ts';

export interface Heard {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly event: {
    id: string;
    kind: string;
    atMs: number;
    storeId: string | null;
    data: Record<string, unknown>;
  };
}

export type Answer = number | 'stall' | 'cut' | { status: number; headers: Record<string, string> };

export interface Receiver {
  readonly url: string;
  readonly heard: Heard[];
  /** Taken one a message, then 200. */
  readonly answers: Answer[];
  /** Whether the newest message is signed with that secret, by a clock. */
  isSigned(secret: string, nowMs: number): boolean;
  close(): Promise<void>;
}

export async function openReceiver(): Promise<Receiver> {
  const heard: Heard[] = [];
  const answers: Answer[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (text: string) => {
      body += text;
    });
    request.on('end', () => {
      heard.push({ headers: request.headers, body, event: JSON.parse(body) });
      const answer = answers.shift() ?? 200;
      if (answer === 'stall') return;
      if (answer === 'cut') return request.socket.destroy();
      if (typeof answer === 'number') response.writeHead(answer).end('thanks');
      else response.writeHead(answer.status, answer.headers).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    heard,
    answers,
    isSigned: (secret, nowMs) => {
      const { headers, body } = heard.at(-1)!;
      return verifySignature({ header: String(headers['counterfoil-signature']), body }, secret, nowMs);
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

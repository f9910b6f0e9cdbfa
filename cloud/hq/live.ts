/**
 * The live stream: sales and tills as they change, as server-sent events.
 *
 * A signal only says that something happened; what is sent is read from the database, so the stream never shows a sale
 * that is not committed. A slow reader is cut off and connects again.
 */
import type { ServerResponse } from 'node:http';
import { forSameCaller } from '../access/scoped-db.ts';
import type { Db } from '../db/db.ts';
import type { Signals } from '../signal.ts';
import { listTills } from './fleet.ts';
import { salesByIds } from './sales.ts';

const PING_MS = 15_000;
/** Sales of one batch that are sent one by one; a replay of a day is news only at its end. */
const SALES_PER_EVENT_MAX = 50;
/** News of tills is gathered for so long: ten thousand of them say every fifteen seconds that they are there. */
const TILLS_GATHER_MS = 250;
const BUFFER_BYTES_MAX = 1_000_000;

export interface LiveParts {
  readonly db: Db;
  readonly signals: Signals;
  readonly isOnline: (tillId: string) => boolean;
}

/** Streams until the reader goes away. */
export function streamLive(response: ServerResponse, { db, signals, isOnline }: LiveParts): void {
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  const write = (text: string) => {
    if (response.writableLength > BUFFER_BYTES_MAX) response.destroy();
    else response.write(text);
  };
  const event = (name: string, data: object) => write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
  write(': connected\n\n');
  // Who signals is somebody else: what is read is what this reader may see.
  const here = forSameCaller();
  const ping = setInterval(() => write(': ping\n\n'), PING_MS);
  let changed = new Set<string>();
  let telling: NodeJS.Timeout | null = null;
  const tellTills = async () => {
    telling = null;
    const tillIds = [...changed];
    changed = new Set();
    const rows = await here(() => listTills(db, isOnline, tillIds)).catch(() => []);
    for (const row of rows) event('till', row);
  };
  const stops = [
    signals.on('sales', async ({ saleIds }) => {
      const rows = await here(() => salesByIds(db, saleIds.slice(-SALES_PER_EVENT_MAX))).catch(() => []);
      for (const row of rows) event('sale', row);
    }),
    signals.on('till', ({ tillId }) => {
      changed.add(tillId);
      telling ??= setTimeout(tellTills, TILLS_GATHER_MS);
    }),
  ];
  response.on('close', () => {
    clearInterval(ping);
    if (telling !== null) clearTimeout(telling);
    for (const stop of stops) stop();
  });
}

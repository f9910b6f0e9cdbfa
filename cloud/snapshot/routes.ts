/**
 * How tills are given snapshots (src/protocol/snapshot): a nonce, a signature, a list, then part by part.
 */
import { createPublicKey, randomBytes, verify } from 'node:crypto';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import {
  SNAPSHOT_PATH,
  SNAPSHOT_VERSION,
  type SnapshotList,
  snapshotStatement,
} from '../../src/protocol/snapshot.ts';
import type { Db } from '../db/db.ts';
import type { Signals } from '../signal.ts';
import { tillById } from '../tills/tills.ts';
import type { Snapshot, SnapshotShelf } from './shelf.ts';

export interface SnapshotRoutesParts {
  readonly db: Db;
  readonly cloudId: string;
  readonly shelf: SnapshotShelf;
  readonly signals: Signals;
  readonly nowMs: () => number;
}

const NONCE_MS = 60_000;
/** A slow line may take its time; a till that is back later asks again. */
const TOKEN_MS = 3_600_000;
/** More tills than that do not start at once; the oldest is forgotten and asks again. */
const KEPT_MAX = 2_000;
const RETRY_MS = 1_000;

const id = z.string().min(1).max(64);
const Ask = z.object({ tillId: id });
const Open = z.object({ tillId: id, nonce: z.string().max(128), sig: z.string().max(200) });

export function registerSnapshot(app: FastifyInstance, parts: SnapshotRoutesParts): void {
  const nonces = new Kept<string>(NONCE_MS, parts.nowMs);
  const tickets = new Kept<{ readonly tillId: string; readonly snapshot: Snapshot }>(TOKEN_MS, parts.nowMs);
  const hide = { schema: { hide: true } } as const;

  app.post(`${SNAPSHOT_PATH}/ask`, hide, async (request, reply) => {
    const asked = Ask.safeParse(request.body);
    if (!asked.success) return refuse(reply, 400, 'bad_request');
    const nonce = randomBytes(24).toString('base64url');
    nonces.put(nonce, asked.data.tillId);
    return { nonce };
  });

  app.post(`${SNAPSHOT_PATH}/open`, hide, async (request, reply) => {
    const asked = Open.safeParse(request.body);
    if (!asked.success) return refuse(reply, 400, 'bad_request');
    const { tillId, nonce, sig } = asked.data;
    if (nonces.take(nonce) !== tillId) return refuse(reply, 403, 'nonce');
    const till = await tillById(parts.db, tillId);
    if (till === null || till.publicKey === null) return refuse(reply, 403, 'unknown_till');
    if (till.revoked) return refuse(reply, 403, 'revoked');
    const statement = snapshotStatement({ cloudId: parts.cloudId, tillId, nonce });
    const key = createPublicKey({ key: Buffer.from(till.publicKey, 'base64'), format: 'der', type: 'spki' });
    if (!verify(null, statement, key, Buffer.from(sig, 'base64'))) return refuse(reply, 403, 'bad_signature');
    const snapshot = await parts.shelf.forStore(till.storeId);
    if (snapshot === 'none' || snapshot === 'making') {
      return { ...NOTHING, ...(snapshot === 'making' ? { retryMs: RETRY_MS } : {}) };
    }
    const token = randomBytes(24).toString('base64url');
    tickets.put(token, { tillId, snapshot });
    const { snapshotId, cursor, rows } = snapshot;
    const list = snapshot.parts.map(({ holds, bytes, rawBytes, sha256 }) => ({
      holds,
      bytes,
      rawBytes,
      sha256,
    }));
    return { version: SNAPSHOT_VERSION, snapshotId, token, cursor, rows, parts: list } satisfies SnapshotList;
  });

  app.get<{ Params: { token: string; number: string } }>(
    `${SNAPSHOT_PATH}/parts/:token/:number`,
    hide,
    async (request, reply) => {
      const ticket = tickets.get(request.params.token);
      const part = ticket?.snapshot.parts[Number(request.params.number)];
      if (part === undefined) return refuse(reply, 404, 'gone');
      try {
        const bytes = await part.read();
        return await reply.type('application/octet-stream').send(bytes);
      } catch {
        // A newer one has taken its place.
        return refuse(reply, 404, 'gone');
      }
    },
  );

  const stop = parts.signals.on('revoked', ({ tillId }) =>
    tickets.drop((ticket) => ticket.tillId === tillId),
  );
  app.addHook('onClose', async () => stop());
}

const NOTHING: SnapshotList = {
  version: SNAPSHOT_VERSION,
  snapshotId: '',
  token: '',
  cursor: 0,
  rows: 0,
  parts: [],
};

function refuse(reply: FastifyReply, status: number, kind: string): FastifyReply {
  return reply.status(status).send({ error: { kind, message: `no snapshot: ${kind}` } });
}

/** Things by name, for a while. */
class Kept<T> {
  private readonly things = new Map<string, { readonly thing: T; readonly untilMs: number }>();
  private readonly forMs: number;
  private readonly nowMs: () => number;

  constructor(forMs: number, nowMs: () => number) {
    this.forMs = forMs;
    this.nowMs = nowMs;
  }

  put(name: string, thing: T): void {
    if (this.things.size >= KEPT_MAX) this.things.delete(this.things.keys().next().value!);
    this.things.set(name, { thing, untilMs: this.nowMs() + this.forMs });
  }

  get(name: string): T | null {
    const kept = this.things.get(name);
    return kept === undefined || kept.untilMs < this.nowMs() ? null : kept.thing;
  }

  take(name: string): T | null {
    const thing = this.get(name);
    this.things.delete(name);
    return thing;
  }

  drop(which: (thing: T) => boolean): void {
    for (const [name, { thing }] of this.things) if (which(thing)) this.things.delete(name);
  }
}

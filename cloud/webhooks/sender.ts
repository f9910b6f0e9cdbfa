/**
 * The sender of webhooks: in every cloud process, each delivery tried by one of them at a time.
 *
 * At least once: a receiver that answered as the process died hears the event again, with the same id. What fails is tried
 * again, later each time, for about four days; then it is dead until somebody asks for it. 410 ends the webhook.
 */

import { SIGNATURE_HEADER, signatureOf } from '../../src/client/signature.ts';
import type { Chance, Clock } from '../../src/core/ports.ts';
import type { ReachPolicy } from '../access/ssrf.ts';
import type { Db } from '../db/db.ts';
import { claimDue, type DueDelivery, noteTried, type Tried } from './deliveries.ts';
import { type Posted, post } from './post.ts';

export interface SenderParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly policy: ReachPolicy;
  readonly log: (text: string) => void;
  /** How long a receiver may take, from the first byte out to the last one in. */
  readonly answerMs?: number;
}

/** Due deliveries are looked for so often. */
const TICK_MS = 1_000;
const AT_ONCE_MAX = 16;
const ANSWER_MS = 10_000;
/** Longer than any try takes. */
const CLAIM_MS = 30_000;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** How long after try 1, 2, 3 … the next one comes; after the last of them there is none. */
export const BACKOFF_MS: readonly number[] = [
  ...[10_000, 30_000, 2 * MINUTE_MS, 5 * MINUTE_MS, 15 * MINUTE_MS, HOUR_MS, 3 * HOUR_MS, 6 * HOUR_MS],
  ...[12 * HOUR_MS, 24 * HOUR_MS, 24 * HOUR_MS, 24 * HOUR_MS],
];
/** Receivers that failed together are not all asked at the same moment again. */
const JITTER = 0.2;

export class Sender {
  private readonly parts: SenderParts;
  private readonly inFlight = new Map<Promise<void>, string>();
  private looking: Promise<void> | null = null;
  private stopped = false;
  private timer: NodeJS.Timeout | null = null;

  constructor(parts: SenderParts) {
    this.parts = parts;
  }

  start(): void {
    this.timer = setInterval(() => void this.look(), TICK_MS);
  }

  /** Resolves when nothing is due and nothing under way. */
  async settled(): Promise<void> {
    for (;;) {
      const taken = await this.look();
      if (taken === 0 && this.inFlight.size === 0) return;
      await Promise.all(this.inFlight.keys());
    }
  }

  async close(): Promise<void> {
    this.stopped = true;
    if (this.timer !== null) clearInterval(this.timer);
    await this.looking;
    await Promise.all(this.inFlight.keys());
  }

  /** @returns how many deliveries were begun */
  private async look(): Promise<number> {
    if (this.stopped || this.looking !== null) {
      await this.looking;
      return this.stopped ? 0 : 1;
    }
    let taken = 0;
    this.looking = this.take()
      .then((count) => {
        taken = count;
      })
      .catch((cause: Error) => {
        if (!this.stopped) this.parts.log(`webhooks: ${cause.message}`);
      })
      .finally(() => {
        this.looking = null;
      });
    await this.looking;
    return taken;
  }

  private async take(): Promise<number> {
    const { db, clock } = this.parts;
    const limit = AT_ONCE_MAX - this.inFlight.size;
    if (limit <= 0) return 0;
    const nowMs = clock.nowMs();
    const busy = [...new Set(this.inFlight.values())];
    const due = await claimDue(db, { nowMs, untilMs: nowMs + CLAIM_MS, busy, limit });
    for (const delivery of due) {
      const work = this.deliver(delivery)
        .catch((cause: Error) => this.parts.log(`webhook ${delivery.webhookId}: ${cause.message}`))
        .finally(() => this.inFlight.delete(work));
      this.inFlight.set(work, delivery.webhookId);
    }
    return due.length;
  }

  private async deliver(delivery: DueDelivery): Promise<void> {
    const { db, clock, policy } = this.parts;
    const { webhookId, eventNo, attempt, kind, storeId, data, atMs } = delivery;
    const begun = clock.monotonicMs();
    const id = eventId(eventNo, atMs);
    const body = JSON.stringify({ id, kind, atMs, storeId, data });
    const secrets = delivery.oldSecret === null ? [delivery.secret] : [delivery.secret, delivery.oldSecret];
    const posted = await post(
      delivery.url,
      {
        body,
        headers: {
          'content-type': 'application/json; charset=utf-8',
          'user-agent': 'Counterfoil-Webhook/1',
          'counterfoil-event': kind,
          'counterfoil-delivery': `${webhookId}/${id}/${attempt}`,
          [SIGNATURE_HEADER]: signatureOf(body, secrets, clock.nowMs()),
        },
      },
      { policy, answerMs: this.parts.answerMs ?? ANSWER_MS },
    );
    const nowMs = clock.nowMs();
    await noteTried(db, {
      ...{ webhookId, eventNo, attempt, nowMs, status: posted.status, error: posted.error },
      tookMs: Math.round(clock.monotonicMs() - begun),
      outcome: this.outcomeOf(posted, attempt, nowMs),
    });
  }

  private outcomeOf({ status, retryAfterS }: Posted, attempt: number, nowMs: number): Tried['outcome'] {
    if (status !== null && status >= 200 && status < 300) return 'delivered';
    if (status === 410) return 'gone';
    const waitMs = BACKOFF_MS[(attempt - 1) % (BACKOFF_MS.length + 1)];
    if (waitMs === undefined) return 'dead';
    const [byte] = this.parts.chance.bytes(1);
    const jittered = Math.round(waitMs * (1 - JITTER + (2 * JITTER * byte!) / 255));
    const asked = status === 429 || status === 503 ? Math.min((retryAfterS ?? 0) * 1000, HOUR_MS) : 0;
    return { againMs: nowMs + Math.max(jittered, asked) };
  }
}

/** The same over all tries: what a receiver knows a repeated event by. */
export function eventId(eventNo: number, atMs: number): string {
  return `${eventNo}-${atMs.toString(36)}`;
}

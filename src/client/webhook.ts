/**
 * What a receiver of webhooks does with a message: see that it is HQ's and fresh, then read it.
 *
 * @example
 * const read = readWebhook({ header: request.headers['counterfoil-signature'], body }, [secret], Date.now());
 * if (read === null) return response.writeHead(401).end();
 * if (!(await seenBefore(read.id))) await take(read); // the same event may come twice, under the same id
 */
import { verifySignature } from './signature.ts';

export interface WebhookEvent {
  /** The same over all tries: what a repeated event is known by. */
  readonly id: string;
  /** `sale.booked`, `member.merged` …; `GET /api/v1/webhooks` lists them. */
  readonly kind: string;
  readonly atMs: number;
  readonly storeId: string | null;
  /** Ids, amounts and words of HQ's: no personal data. */
  readonly data: Readonly<Record<string, unknown>>;
}

/**
 * @param message  `header`: that of `counterfoil-signature`; `body`: the text as it came, before anybody parsed it
 * @param secrets  the webhook's; while it is being changed the former one too
 * @param nowMs    the receiver's clock; a message older than five minutes is not taken
 * @returns        null: it is not HQ's, or too old, or says nothing
 */
export function readWebhook(
  message: { readonly header: string | undefined; readonly body: string },
  secrets: readonly string[],
  nowMs: number,
): WebhookEvent | null {
  const { header, body } = message;
  if (header === undefined) return null;
  if (!secrets.some((secret) => verifySignature({ header, body }, secret, nowMs))) return null;
  try {
    return JSON.parse(body) as WebhookEvent;
  } catch {
    return null;
  }
}

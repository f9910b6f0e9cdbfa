/**
 * The signature of what HQ sends, and how a receiver checks it.
 *
 * `counterfoil-signature: t=1795250000,v1=HEX[,v1=HEX]`: HMAC-SHA256 over `t`, a dot and the body as it came, keyed with the
 * webhook's secret (the text, with its `whsec_`). While a secret is being changed there is one `v1` for each. A receiver takes a
 * message when one of them is its own and `t` is not older than some minutes: an old message sent again is refused.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

export const SIGNATURE_HEADER = 'counterfoil-signature';

/** @param atMs epoch ms; signed to the second */
export function signatureOf(body: string, secrets: readonly string[], atMs: number): string {
  const t = Math.floor(atMs / 1000);
  return [`t=${t}`, ...secrets.map((secret) => `v1=${macOf(body, secret, t)}`)].join(',');
}

function macOf(body: string, secret: string, t: number): string {
  return createHmac('sha256', secret).update(`${t}.${body}`).digest('hex');
}

/** Whether a message is HQ's and fresh. @param nowMs the receiver's own clock */
export function verifySignature(
  message: { readonly header: string; readonly body: string },
  secret: string,
  nowMs: number,
  toleranceMs = 300_000,
): boolean {
  const parts = message.header.split(',').map((part) => part.trim().split('='));
  const t = Number(parts.find(([name]) => name === 't')?.[1]);
  if (!Number.isSafeInteger(t) || Math.abs(nowMs - t * 1000) > toleranceMs) return false;
  const wanted = Buffer.from(macOf(message.body, secret, t));
  return parts.some(([name, value]) => {
    const given = Buffer.from(name === 'v1' ? (value ?? '') : '');
    return given.length === wanted.length && timingSafeEqual(given, wanted);
  });
}

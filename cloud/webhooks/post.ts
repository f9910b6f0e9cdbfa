/**
 * One POST to somebody else's server: over TLS, to where HQ may be sent, without redirects, bounded in time and size.
 */
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import {
  guardedLookup,
  hostOf,
  mayReach,
  NotReachable,
  parseReachable,
  type ReachPolicy,
} from '../access/ssrf.ts';

export interface Posted {
  /** HTTP status; null: no answer came. */
  readonly status: number | null;
  /** Why there was none, in our words; null with a status. */
  readonly error: string | null;
  /** Seconds that the receiver asks to be left alone. */
  readonly retryAfterS: number | null;
}

/** Of an answer nothing is used but its status. */
const ANSWER_BYTES_MAX = 64 * 1024;

export async function post(
  address: string,
  message: { readonly body: string; readonly headers: Readonly<Record<string, string>> },
  { policy, answerMs }: { readonly policy: ReachPolicy; readonly answerMs: number },
): Promise<Posted> {
  const url = parseReachable(address, policy);
  if (!url.ok) return failed(`the address is not allowed (${url.error.kind})`);
  const host = hostOf(url.value);
  if (isIP(host) !== 0 && !mayReach(host, policy)) return failed('the address is not public');
  return new Promise((resolve) => {
    const request = (url.value.protocol === 'https:' ? httpsRequest : httpRequest)(url.value, {
      method: 'POST',
      headers: { ...message.headers, 'content-length': String(Buffer.byteLength(message.body)) },
      lookup: guardedLookup(policy),
      agent: false,
    });
    const timer = setTimeout(
      () => request.destroy(new Error(`no answer within ${answerMs / 1000} seconds`)),
      answerMs,
    );
    const end = (posted: Posted) => {
      clearTimeout(timer);
      resolve(posted);
    };
    request.on('error', (cause) => end(failed(wordsOf(cause))));
    request.on('response', (response) => {
      const status = response.statusCode ?? 0;
      const retryAfterS = Number(response.headers['retry-after']);
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > ANSWER_BYTES_MAX) response.destroy();
      });
      // However it ends: the status is the answer.
      response.on('error', () => {});
      response.on('close', () =>
        end({
          status,
          error: null,
          retryAfterS: Number.isInteger(retryAfterS) && retryAfterS > 0 ? retryAfterS : null,
        }),
      );
    });
    request.end(message.body);
  });
}

function failed(error: string): Posted {
  return { status: null, error, retryAfterS: null };
}

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was cut',
  ENOTFOUND: 'there is no server of that name',
  EAI_AGAIN: 'the name could not be looked up now',
  EHOSTUNREACH: 'the server cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  EPROTO: 'the server does not speak TLS rightly',
};

/** Node's words may hold addresses of our network: the log of a webhook is for who made it. */
function wordsOf(cause: Error & { readonly code?: string }): string {
  if (cause instanceof NotReachable || cause.code === undefined) return cause.message.slice(0, 200);
  return WORDS[cause.code] ?? `it failed (${cause.code})`;
}

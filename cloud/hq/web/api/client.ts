/**
 * Questions and orders to HQ: answered by JSON or by an `ApiError` that says what to do about it.
 *
 * HQ refuses with RFC 9457 problem details: `kind` is the stable word, `detail` the sentence, `errors` the fields at fault.
 */
import type { Problem } from '../../schemas.ts';
import { sessionRefused, signedIn } from './session.ts';
import { authHeaders } from './token.ts';

/** A closed set, because the words for it are in the dictionaries. */
export type ApiErrorKind =
  | 'unreachable'
  | 'token'
  | 'forbidden'
  | 'not_found'
  | 'bad_request'
  | 'conflict'
  | 'server';

export interface FieldError {
  /** `items[3].priceMinor`; empty: the whole. */
  readonly path: string;
  readonly message: string;
}

export class ApiError extends Error {
  override name = 'ApiError';
  readonly kind: ApiErrorKind;
  readonly status: number | null;
  /** HQ's own word for it, `version_taken`; null where HQ said none. */
  readonly word: string | null;
  readonly fields: readonly FieldError[];
  /** What else HQ told a program, `{untilMs}`. */
  readonly facts: unknown;
  constructor(
    kind: ApiErrorKind,
    status: number | null,
    message: string,
    cause?: unknown,
    problem?: {
      readonly word: string | null;
      readonly fields: readonly FieldError[];
      readonly facts: unknown;
    },
  ) {
    super(message, { cause });
    this.kind = kind;
    this.status = status;
    this.word = problem?.word ?? null;
    this.fields = problem?.fields ?? [];
    this.facts = problem?.facts ?? null;
  }
}

/** What HQ showed, and under which ETag: the ETag is that of this very object, not of what came since. */
const tags = new WeakMap<object, string>();

/** Headers of a change that is made from what was read: refused when somebody changed it since. */
export function madeFrom(read: unknown): Readonly<Record<string, string>> {
  const tag = typeof read === 'object' && read !== null ? tags.get(read) : undefined;
  return tag === undefined ? {} : { 'If-Match': tag };
}

/** HQ answers figures in well under a second; after this the line is taken for dead. */
const TIMEOUT_MS = 20_000;

export async function getJson<T>(path: string, token?: string): Promise<T> {
  return (await getDated<T>(path, { token })).data;
}

export type Method = 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/**
 * Where the session was lost meanwhile, it waits until somebody has signed in again and then says the same once more: a 401
 * means that nothing was done.
 *
 * @param body  a `Blob` is sent as it is, all else as JSON
 * @throws ApiError when HQ refused; whether it was done when the line broke is then not known
 */
export async function send<T>(
  method: Method,
  path: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<T> {
  let response = await order(method, path, body, headers);
  if (response.status === 401) {
    sessionRefused();
    await signedIn();
    response = await order(method, path, body, headers);
  }
  if (!response.ok) throw await errorOf(response);
  return response.status === 204 ? (undefined as T) : await jsonOf<T>(response, path);
}

/** Signing in, and what else a 401 is an answer to. @throws ApiError */
export async function sendOnce<T>(method: Method, path: string, body?: unknown): Promise<T> {
  const response = await order(method, path, body, {});
  if (!response.ok) throw await errorOf(response);
  return await jsonOf<T>(response, path);
}

function order(
  method: Method,
  path: string,
  body: unknown,
  headers: Readonly<Record<string, string>>,
): Promise<Response> {
  const raw = body instanceof Blob;
  return reach(path, {
    method,
    headers: {
      Accept: 'application/json',
      ...(body === undefined || raw ? {} : { 'Content-Type': 'application/json' }),
      ...authHeaders(),
      ...headers,
    },
    ...(body === undefined ? {} : { body: raw ? body : JSON.stringify(body) }),
  });
}

async function jsonOf<T>(response: Response, path: string): Promise<T> {
  try {
    return (await response.json()) as T;
  } catch (cause) {
    throw new ApiError('server', response.status, `HQ answered with half a sentence: ${path}`, cause);
  }
}

/** An answer with the time it is as of: the one it names, else when HQ sent it; null when neither is said. */
export async function getDated<T>(
  path: string,
  { token, signal }: { readonly token?: string | undefined; readonly signal?: AbortSignal } = {},
): Promise<{ data: T; asOfMs: number | null }> {
  const headers = token === undefined ? authHeaders() : { Authorization: `Bearer ${token}` };
  const asked = { headers: { Accept: 'application/json', ...headers } };
  const response = await reach(path, signal === undefined ? asked : { ...asked, signal });
  if (response.status === 401 && token === undefined) sessionRefused();
  if (!response.ok) throw await errorOf(response);
  const data = await jsonOf<T & { asOfMs?: number }>(response, path);
  const tag = response.headers.get('etag');
  if (tag !== null && typeof data === 'object' && data !== null) tags.set(data, tag);
  const sentMs = Date.parse(response.headers.get('date') ?? '');
  return { data, asOfMs: data.asOfMs ?? (Number.isNaN(sentMs) ? null : sentMs) };
}

async function reach(path: string, init: RequestInit): Promise<Response> {
  try {
    const late = AbortSignal.timeout(TIMEOUT_MS);
    const signal = init.signal == null ? late : AbortSignal.any([init.signal, late]);
    return await fetch(path, { ...init, signal });
  } catch (cause) {
    throw new ApiError('unreachable', null, cause instanceof Error ? cause.message : String(cause), cause);
  }
}

async function errorOf(response: Response): Promise<ApiError> {
  const { status, statusText } = response;
  const problem = await response.json().then(
    (body) => body as Partial<Problem>,
    () => ({}) as Partial<Problem>,
  );
  return new ApiError(kindOf(status), status, problem.detail ?? statusText, undefined, {
    word: problem.kind ?? null,
    fields: problem.errors ?? [],
    facts: problem.facts ?? null,
  });
}

export function kindOf(status: number): ApiErrorKind {
  if (status === 401) return 'token';
  if (status === 403) return 'forbidden';
  if (status === 404) return 'not_found';
  if (status === 409 || status === 412 || status === 428) return 'conflict';
  return status >= 500 ? 'server' : 'bad_request';
}

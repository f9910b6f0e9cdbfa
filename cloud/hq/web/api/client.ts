/**
 * Questions and orders to HQ: answered by JSON or by an `ApiError` that says what to do about it.
 *
 * HQ refuses with RFC 9457 problem details: `kind` is the stable word, `detail` the sentence, `errors` the fields at fault.
 */
import type { Problem } from '../../schemas.ts';
import { authHeaders, tokenRefused } from './token.ts';

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
  constructor(
    kind: ApiErrorKind,
    status: number | null,
    message: string,
    cause?: unknown,
    problem?: { readonly word: string | null; readonly fields: readonly FieldError[] },
  ) {
    super(message, { cause });
    this.kind = kind;
    this.status = status;
    this.word = problem?.word ?? null;
    this.fields = problem?.fields ?? [];
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
  return (await getDated<T>(path, token)).data;
}

export type Method = 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** @throws ApiError when HQ refused; whether it was done when the line broke is then not known */
export async function send<T>(
  method: Method,
  path: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<T> {
  const response = await reach(path, {
    method,
    headers: {
      Accept: 'application/json',
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...authHeaders(),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw await errorOf(response, true);
  return response.status === 204 ? (undefined as T) : ((await response.json()) as T);
}

/** An answer with the time it is as of: the one it names, else when HQ sent it; null when neither is said. */
export async function getDated<T>(path: string, token?: string): Promise<{ data: T; asOfMs: number | null }> {
  const headers = token === undefined ? authHeaders() : { Authorization: `Bearer ${token}` };
  const response = await reach(path, { headers: { Accept: 'application/json', ...headers } });
  if (!response.ok) throw await errorOf(response, token === undefined);
  try {
    const data = (await response.json()) as T & { asOfMs?: number };
    const tag = response.headers.get('etag');
    if (tag !== null && typeof data === 'object' && data !== null) tags.set(data, tag);
    const sentMs = Date.parse(response.headers.get('date') ?? '');
    return { data, asOfMs: data.asOfMs ?? (Number.isNaN(sentMs) ? null : sentMs) };
  } catch (cause) {
    throw new ApiError('server', response.status, `no JSON from ${path}`, cause);
  }
}

async function reach(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch (cause) {
    throw new ApiError('unreachable', null, cause instanceof Error ? cause.message : String(cause), cause);
  }
}

async function errorOf(response: Response, tellPage: boolean): Promise<ApiError> {
  if (response.status === 401 && tellPage) tokenRefused();
  const { status, statusText } = response;
  const problem = await response.json().then(
    (body) => body as Partial<Problem>,
    () => ({}) as Partial<Problem>,
  );
  return new ApiError(kindOf(status), status, problem.detail ?? statusText, undefined, {
    word: problem.kind ?? null,
    fields: problem.errors ?? [],
  });
}

export function kindOf(status: number): ApiErrorKind {
  if (status === 401) return 'token';
  if (status === 403) return 'forbidden';
  if (status === 404) return 'not_found';
  if (status === 409 || status === 412) return 'conflict';
  return status >= 500 ? 'server' : 'bad_request';
}

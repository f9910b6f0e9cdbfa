/**
 * Questions to HQ: one GET, with the token, answered by JSON or by an `ApiError` that says what to do about it.
 */
import type { Problem } from '../../schemas.ts';
import { authHeaders, tokenRefused } from './token.ts';

/** A closed set, because the words for it are in the dictionaries. */
export type ApiErrorKind = 'unreachable' | 'token' | 'forbidden' | 'not_found' | 'bad_request' | 'server';

export class ApiError extends Error {
  override name = 'ApiError';
  readonly kind: ApiErrorKind;
  readonly status: number | null;
  constructor(kind: ApiErrorKind, status: number | null, message: string, cause?: unknown) {
    super(message, { cause });
    this.kind = kind;
    this.status = status;
  }
}

/** HQ answers figures in well under a second; after this the line is taken for dead. */
const TIMEOUT_MS = 20_000;

export async function getJson<T>(path: string, token?: string): Promise<T> {
  return (await getDated<T>(path, token)).data;
}

/** An answer with the time it is as of: the one it names, else when HQ sent it; null when neither is said. */
export async function getDated<T>(path: string, token?: string): Promise<{ data: T; asOfMs: number | null }> {
  const response = await ask(path, token);
  if (!response.ok) throw await errorOf(response, token === undefined);
  try {
    const data = (await response.json()) as T & { asOfMs?: number };
    const sentMs = Date.parse(response.headers.get('date') ?? '');
    return { data, asOfMs: data.asOfMs ?? (Number.isNaN(sentMs) ? null : sentMs) };
  } catch (cause) {
    throw new ApiError('server', response.status, `no JSON from ${path}`, cause);
  }
}

async function ask(path: string, token: string | undefined): Promise<Response> {
  const headers = token === undefined ? authHeaders() : { Authorization: `Bearer ${token}` };
  try {
    return await fetch(path, {
      headers: { Accept: 'application/json', ...headers },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (cause) {
    throw new ApiError('unreachable', null, cause instanceof Error ? cause.message : String(cause), cause);
  }
}

async function errorOf(response: Response, tellPage: boolean): Promise<ApiError> {
  if (response.status === 401 && tellPage) tokenRefused();
  const message = await problemMessage(response);
  return new ApiError(kindOf(response.status), response.status, message);
}

export function kindOf(status: number): ApiErrorKind {
  if (status === 401) return 'token';
  if (status === 403) return 'forbidden';
  if (status === 404) return 'not_found';
  return status >= 500 ? 'server' : 'bad_request';
}

async function problemMessage(response: Response): Promise<string> {
  try {
    const body = (await response.json()) as Partial<Problem>;
    return body.detail ?? response.statusText;
  } catch {
    return response.statusText;
  }
}

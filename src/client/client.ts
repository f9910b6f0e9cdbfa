/**
 * A program's way to HQ: every route of `/api/v1` by its name, typed by HQ's own OpenAPI page (`api.ts`).
 *
 * Only what every runtime has: `fetch`, `crypto`. Each write carries an idempotency key, so it is sent again after a cut line, a
 * 5xx, `under_way` or `too_many` and still has its effect once.
 *
 * @example
 * const hq = openHq({ url: 'https://hq.example', token });
 * const { answer } = await hq.ask('POST /api/v1/members/search', { body: { phone: '13800138000' } });
 */
import type { Routes } from './api.ts';

export type Route = keyof Routes;

/** What a route is asked with; what it has none of is not asked for. */
export type Ask<R extends Route> = Part<R, 'path'> &
  Part<R, 'query'> &
  Part<R, 'body'> & {
    /** The ETag that was read: refused with 412 when somebody changed it since. */
    readonly ifMatch?: string;
    /** 16 signs or more, the same for the same thing; left out: a new one. Reads have none. */
    readonly key?: string;
    readonly signal?: AbortSignal;
  };

type Part<R extends Route, P extends 'path' | 'query' | 'body'> = [Routes[R][P]] extends [never]
  ? unknown
  : Partial<Routes[R][P]> extends Routes[R][P]
    ? { readonly [K in P]?: Routes[R][P] }
    : { readonly [K in P]: Routes[R][P] };

export interface Told<R extends Route> {
  readonly answer: Routes[R]['answer'];
  readonly status: number;
  /** For `ifMatch` of the change; null: the route has none. */
  readonly etag: string | null;
}

/** Routes whose answer is a page of a list. */
export type ListRoute = {
  [R in Route]: Routes[R]['answer'] extends { readonly nextCursor: string | null } ? R : never;
}[Route];

/** A row of a list: of the first field that is one. */
export type RowOf<R extends ListRoute> = {
  [F in keyof Routes[R]['answer']]: Routes[R]['answer'][F] extends readonly (infer T)[] ? T : never;
}[keyof Routes[R]['answer']];

export interface HqOptions {
  readonly url: string;
  /** `POST /api/v1/tokens` makes one with the rights that the program needs. */
  readonly token: string;
  readonly fetch?: typeof fetch;
  /** How often one request is sent at most; 4 when left out. */
  readonly triesMax?: number;
  /** Waits between two tries, ms. */
  readonly wait?: (ms: number) => Promise<void>;
}

export interface Hq {
  /** @throws HqProblem when HQ refuses; TypeError (of `fetch`) when it cannot be reached in the end */
  ask<R extends Route>(route: R, ...asked: Needs<R>): Promise<Told<R>>;
  /** The rows of a list, page after page. */
  each<R extends ListRoute>(route: R, ...asked: Needs<R>): AsyncGenerator<RowOf<R>, void>;
}

type Needs<R extends Route> =
  Partial<Ask<R>> extends Ask<R> ? readonly [asked?: Ask<R>] : readonly [asked: Ask<R>];

/** HQ said no: RFC 9457. `kind` is stable, `detail` says what to do, `errors` name the fields at fault. */
export class HqProblem extends Error {
  override name = 'HqProblem';
  readonly status: number;
  readonly kind: string;
  readonly errors: readonly { readonly path: string; readonly message: string }[];
  readonly facts: unknown;

  constructor(status: number, problem: Partial<Record<string, unknown>>) {
    super(typeof problem.detail === 'string' ? problem.detail : `HQ answered ${status}`);
    this.status = status;
    this.kind = typeof problem.kind === 'string' ? problem.kind : 'unknown';
    this.errors = Array.isArray(problem.errors) ? problem.errors : [];
    this.facts = problem.facts;
  }
}

/** What any route may be asked with, once its types are checked. */
interface Loose {
  readonly path?: Readonly<Record<string, string | number>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  readonly ifMatch?: string;
  readonly key?: string;
  readonly signal?: AbortSignal;
}

export function openHq(options: HqOptions): Hq {
  const send = options.fetch ?? fetch;
  const wait = options.wait ?? ((ms) => new Promise<void>((resolve) => setTimeout(resolve, ms)));
  const triesMax = options.triesMax ?? 4;

  async function ask(route: string, asked: Loose = {}): Promise<Told<Route>> {
    const [method = 'GET', template = ''] = route.split(' ');
    const url = urlOf(options.url, template, asked);
    const init = requestOf(method, asked, options.token);
    for (let attempt = 1; ; attempt++) {
      const response = await send(url, init).catch((cause: unknown) => {
        if (attempt >= triesMax || asked.signal?.aborted === true) throw cause;
        return null;
      });
      if (response?.ok === true) {
        const answer = (await bodyOf(response)) as Told<Route>['answer'];
        return { answer, status: response.status, etag: response.headers.get('etag') };
      }
      if (response !== null) {
        const problem = new HqProblem(response.status, await problemOf(response));
        if (attempt >= triesMax || !mayTryAgain(problem)) throw problem;
      }
      await wait(pauseMs(attempt, response?.headers.get('retry-after') ?? null));
    }
  }

  async function* each(route: string, asked: Loose = {}): AsyncGenerator<never, void> {
    for (let cursor: unknown; cursor !== null; ) {
      const query = { ...asked.query, ...(cursor === undefined ? {} : { cursor }) };
      const { answer } = await ask(route, { ...asked, query });
      const page = answer as Readonly<Record<string, unknown>>;
      yield* (Object.values(page).find((value) => Array.isArray(value)) ?? []) as never[];
      cursor = page.nextCursor ?? null;
    }
  }
  return { ask, each } as Hq;
}

function urlOf(base: string, template: string, { path = {}, query = {} }: Loose): URL {
  const filled = template.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(path[name])));
  const url = new URL(filled, base);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null) url.searchParams.set(name, String(value));
  }
  return url;
}

function requestOf(method: string, { body, ifMatch, key, signal }: Loose, token: string): RequestInit {
  const isFile = body instanceof Blob;
  return {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(method === 'GET' ? {} : { 'idempotency-key': key ?? crypto.randomUUID() }),
      ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
      ...(body === undefined || isFile ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: isFile ? body : JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  };
}

async function bodyOf(response: Response): Promise<unknown> {
  const isJson = (response.headers.get('content-type') ?? '').includes('json');
  return isJson ? response.json() : response.blob();
}

async function problemOf(response: Response): Promise<Partial<Record<string, unknown>>> {
  try {
    return (await response.json()) as Record<string, unknown>;
  } catch {
    // A balancer's page: its status is all there is to know.
    return {};
  }
}

function mayTryAgain({ status, kind }: HqProblem): boolean {
  return status >= 500 || status === 429 || kind === 'under_way';
}

/** HQ's own word where it says one, at most a minute; else 0.2, 0.4, 0.8 s, each half by chance. */
function pauseMs(attempt: number, retryAfter: string | null): number {
  const asked = Number(retryAfter);
  if (retryAfter !== null && Number.isFinite(asked) && asked > 0) return Math.min(asked, 60) * 1000;
  return 100 * 2 ** attempt * (0.5 + Math.random() / 2);
}

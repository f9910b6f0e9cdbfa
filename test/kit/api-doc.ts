/**
 * The routes of `/api/v1` as the OpenAPI page tells them, and a request for each: for tests that walk them all.
 */
import type { TestCloud } from './cloud.ts';

export interface Operation {
  readonly method: string;
  /** `/api/v1/sales/{saleId}` */
  readonly path: string;
  readonly name: string;
  readonly open: boolean;
  readonly right: string | null;
  readonly reach: 'rows' | 'chain' | 'stores';
  readonly parameters: readonly Parameter[];
  /** JSON schema of the body, its references resolved; null: none. */
  readonly body: Schema | null;
}

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: Schema;
}

export interface Schema {
  readonly [field: string]: unknown;
}

// biome-ignore lint/suspicious/noExplicitAny: read back from JSON
type Doc = any;

export async function operationsOf(cloud: TestCloud): Promise<Operation[]> {
  const doc = (await cloud.client.get('/api/v1/openapi.json')) as Doc;
  return Object.entries<Doc>(doc.paths).flatMap(([path, methods]) =>
    Object.entries<Doc>(methods).map(([method, operation]): Operation => {
      const body = operation.requestBody?.content?.['application/json']?.schema ?? null;
      return {
        method: method.toUpperCase(),
        path,
        name: `${method.toUpperCase()} ${path}`,
        open: operation.security?.length === 0,
        right: operation['x-right'] ?? null,
        reach: operation['x-reach'] ?? 'chain',
        parameters: operation.parameters ?? [],
        body: body === null ? null : resolved(body, doc),
      };
    }),
  );
}

function resolved(schema: Doc, doc: Doc, depth = 0): Doc {
  if (depth > 12 || typeof schema !== 'object' || schema === null) return schema;
  if (Array.isArray(schema)) return schema.map((one) => resolved(one, doc, depth + 1));
  if (typeof schema.$ref === 'string') {
    return resolved(doc.components.schemas[schema.$ref.split('/').at(-1)], doc, depth + 1);
  }
  return Object.fromEntries(
    Object.entries(schema).map(([field, value]) => [field, resolved(value, doc, depth + 1)]),
  );
}

/** Address of an operation; what it must be given is taken from `values`, by name, else made up from its schema. */
export function urlOf(
  { path, parameters }: Operation,
  values: Readonly<Record<string, string>> = {},
  optional: readonly string[] = [],
): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? 'none'));
  const query = new URLSearchParams();
  for (const { name, in: where, required, schema } of parameters) {
    if (where !== 'query') continue;
    if (required === true || optional.includes(name)) query.set(name, values[name] ?? String(sample(schema)));
  }
  return query.size === 0 ? filled : `${filled}?${query}`;
}

/** Any value that fits a schema, as far as its type, its list of words and its limits say. */
export function sample(schema: Schema): unknown {
  const s = schema as Doc;
  if (s.default !== undefined) return s.default;
  if (s.const !== undefined) return s.const;
  if (Array.isArray(s.enum)) return s.enum[0];
  const choice = s.anyOf ?? s.oneOf;
  if (Array.isArray(choice)) return sample(choice[0]);
  const type = Array.isArray(s.type) ? s.type[0] : s.type;
  switch (type) {
    case 'object':
      return Object.fromEntries(
        (s.required ?? []).map((name: string) => [name, sample(s.properties?.[name] ?? {})]),
      );
    case 'array':
      return Array.from({ length: Math.max(1, s.minItems ?? 1) }, () => sample(s.items ?? {}));
    case 'integer':
    case 'number':
      return Math.max(1, s.minimum ?? 1);
    case 'boolean':
      return false;
    case 'null':
      return null;
    default:
      return s.format === 'date' || /\\d\{4\}-/.test(s.pattern ?? '')
        ? '2026-11-21'
        : 'x'.repeat(Math.max(1, s.minLength ?? 1));
  }
}

/** What somebody got: status, text, and the kind of a refusal. */
export async function answerOf(
  cloud: TestCloud,
  {
    method,
    url,
    headers,
    body,
  }: { method: string; url: string; headers: Record<string, string>; body?: string },
): Promise<{ readonly status: number; readonly text: string; readonly kind: string | null }> {
  const response = await fetch(new URL(url, cloud.url), {
    method,
    headers,
    ...(body === undefined ? {} : { body }),
  });
  if (response.headers.get('content-type')?.startsWith('text/event-stream') === true) {
    await response.body?.cancel();
    return { status: response.status, text: '', kind: null };
  }
  const text = await response.text();
  return {
    status: response.status,
    text,
    kind: response.ok ? null : (JSON.parse(text) as { kind: string }).kind,
  };
}

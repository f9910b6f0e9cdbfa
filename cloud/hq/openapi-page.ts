/**
 * What the OpenAPI page gets beside its schemas: an example of each body and answer, and words for answers that have none. What
 * no route refers to is left out.
 *
 * Examples are what a real HQ was asked and answered; `test/cloud/openapi.test.ts` holds each against its schema.
 */
import { readFileSync } from 'node:fs';

// biome-ignore lint/suspicious/noExplicitAny: a JSON document
type Json = any;

export interface Example {
  readonly body?: unknown;
  readonly answer?: unknown;
}

/** By `METHOD /path`. Read as text: as a module it would be typed, at a cost for nothing. */
const EXAMPLES = JSON.parse(readFileSync(new URL('./examples.json', import.meta.url), 'utf8')) as Readonly<
  Record<string, Example>
>;

export function completed(page: Json): Json {
  for (const [path, methods] of Object.entries<Json>(page.paths)) {
    for (const [method, operation] of Object.entries<Json>(methods)) {
      const { body, answer } = EXAMPLES[`${method.toUpperCase()} ${path}`] ?? {};
      put(operation.requestBody, body);
      put(operation.responses?.['200'], answer);
      for (const [status, response] of Object.entries<Json>(operation.responses ?? {}))
        response.description = WORDS[status] ?? response.description;
    }
  }
  return { ...page, components: { ...page.components, schemas: usedOf(page) } };
}

const WORDS: Readonly<Record<string, string>> = {
  200: 'done',
  '4XX': 'refused: nothing was changed, `detail` says what to do',
  '5XX': 'HQ failed at it: nothing was changed, try again',
};

function put(part: Json, example: unknown): void {
  const media = part?.content?.['application/json'];
  if (media !== undefined && example !== undefined) media.example = example;
}

/** The schemas that a route refers to, and those that these refer to. */
function usedOf({ paths, components }: Json): Json {
  const used = new Set<string>();
  const visit = (value: Json): void => {
    if (typeof value !== 'object' || value === null) return;
    if (typeof value.$ref === 'string') {
      const name = value.$ref.split('/').at(-1);
      if (used.has(name)) return;
      used.add(name);
      visit(components.schemas[name]);
      return;
    }
    for (const inner of Object.values<Json>(value)) visit(inner);
  };
  visit(paths);
  return Object.fromEntries(
    Object.entries<Json>(components.schemas ?? {}).filter(([name]) => used.has(name)),
  );
}

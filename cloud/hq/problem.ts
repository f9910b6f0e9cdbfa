/**
 * Refusals on the wire: RFC 9457 problem details, `application/problem+json`.
 *
 * `kind` is the stable word, `type` the same as a URN, `title` the same in plain words, `detail` what is wrong here and
 * what to do, `errors` the fields at fault (`items[3].priceMinor`), `facts` what else a program may want to know.
 */
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import type { z } from 'zod';
import { ApiProblem } from './api.ts';
import type { Problem } from './schemas.ts';

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

type Refusal = Pick<z.infer<typeof Problem>, 'status' | 'kind' | 'detail' | 'errors' | 'facts'>;

export function problemOf(error: unknown): z.infer<typeof Problem> {
  const refusal = refusalOf(error);
  const words = refusal.kind.replaceAll('_', ' ');
  return {
    type: `urn:counterfoil:problem:${refusal.kind}`,
    title: `${words.charAt(0).toUpperCase()}${words.slice(1)}`,
    ...refusal,
  };
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof ApiProblem) {
    const { status, kind, message, details } = error;
    return { status, kind, detail: message, ...fieldsOf(details, message) };
  }
  if (hasZodFastifySchemaValidationErrors(error)) {
    const where = WHERE[error.validationContext ?? ''] ?? 'request';
    const errors = error.validation.map(({ instancePath, message }) => ({
      path: pathOf(instancePath ?? ''),
      message: message ?? 'is not of the right shape',
    }));
    const first = errors[0] ?? { path: '', message: 'is not of the right shape' };
    const at = first.path === '' || first.path.startsWith('[') ? first.path : `.${first.path}`;
    return { status: 400, kind: 'bad_request', detail: `${where}${at}: ${first.message}`, errors };
  }
  const { statusCode, message, code } = error as { statusCode?: number; message: string; code?: string };
  // Class 22 is about the data: a NUL in a name, a 31st of February.
  if (/^22[0-9A-Z]{3}$/.test(code ?? ''))
    return { status: 400, kind: 'bad_request', detail: `a value cannot be stored or compared: ${message}` };
  // A caller of some stores came to a table that shows itself to none: `row-scope.sql`.
  if (code === '42501')
    return {
      status: 403,
      kind: 'store_scope',
      detail: 'this is not shown by store, and you are for some stores',
    };
  if (statusCode !== undefined && statusCode < 500)
    return { status: statusCode, kind: KIND_OF[statusCode] ?? 'bad_request', detail: message };
  return { status: 500, kind: 'internal', detail: 'HQ failed at this. Nothing was changed; try again.' };
}

const WHERE: Readonly<Record<string, string>> = {
  body: 'body',
  querystring: 'query',
  params: 'path',
  headers: 'header',
};

const KIND_OF: Readonly<Record<number, string>> = {
  408: 'too_slow',
  413: 'too_large',
  415: 'media_type',
  429: 'too_many',
};

/** `/items/3/priceMinor` as `items[3].priceMinor`. */
function pathOf(pointer: string): string {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part, index) => (/^\d+$/.test(part) ? `[${part}]` : index === 0 ? part : `.${part}`))
    .join('');
}

/** The fields at fault out of what a refusal knows, and the rest as facts. */
function fieldsOf(details: unknown, detail: string): Pick<Refusal, 'errors' | 'facts'> {
  if (details === undefined || details === null) return {};
  const listed = (Array.isArray(details) ? details : [details]).filter(
    (one): one is { path: string; message?: unknown } =>
      typeof (one as { path?: unknown } | null)?.path === 'string',
  );
  const errors = listed.map(({ path, message }) => ({
    path,
    message: typeof message === 'string' ? message : detail,
  }));
  const onlyPath = !Array.isArray(details) && listed.length === 1 && Object.keys(details).length === 1;
  return { ...(errors.length === 0 ? {} : { errors }), ...(onlyPath ? {} : { facts: details }) };
}

/**
 * The OpenAPI 3.1 page: the zod schemas of the routes, with a name for each operation and what it asks of its caller.
 */
import type { SwaggerOptions } from '@fastify/swagger';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import type { RouteAccess } from './api.ts';
import { completed } from './openapi-page.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Media types of a body or an answer that is a file and no JSON. */
    files?: { readonly takes?: readonly string[]; readonly gives?: readonly string[] };
  }
}

export function openApi(version: string): SwaggerOptions {
  return {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Counterfoil HQ',
        version,
        description:
          'Money is whole minor units. Business dates are YYYY-MM-DD, times are epoch milliseconds. ' +
          'Refusals are problem details (RFC 9457). `x-right` is the right that an operation needs, ' +
          '`x-reach` how far it goes for a caller of some stores only: `rows` shows the rows of these stores, ' +
          '`stores` writes for these stores, `chain` is refused.',
      },
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
      security: [{ token: [] }],
    },
    transform: (page) => {
      const { schema, url } = jsonSchemaTransform(page as Parameters<typeof jsonSchemaTransform>[0]);
      const { open, access, files, ifMatch } = page.route.config ?? {};
      const method = [page.route.method].flat()[0] ?? 'GET';
      const about = {
        operationId: operationId(method, page.url),
        ...(open === true ? { security: [] } : {}),
        ...(access === undefined ? {} : { 'x-right': access.right, 'x-reach': wordOf(access) }),
        ...headersOf(method, ifMatch, schema as { readonly headers?: object }),
        ...(files?.takes === undefined ? {} : { consumes: [...files.takes], body: FILE }),
        ...(files?.gives === undefined
          ? {}
          : { produces: [...files.gives], response: { 200: { description: 'a file', ...FILE } } }),
      };
      return { schema: { ...schema, ...about }, url };
    },
    transformObject: (page) =>
      completed(jsonSchemaTransformObject(page) as unknown as Parameters<typeof completed>[0]) as never,
  };
}

const IF_MATCH = {
  may: 'the ETag that was read: refused with 412 when somebody changed it since',
  must: 'the ETag that was read (or `revision` in the body): refused with 412 when somebody changed it since',
} as const;

/** Headers that any write takes, beside those that its own schema names. */
function headersOf(
  method: string,
  ifMatch: 'may' | 'must' | undefined,
  { headers = {} }: { readonly headers?: object },
) {
  if (method === 'GET') return {};
  const own = (headers as { readonly properties?: object }).properties ?? {};
  const properties = {
    'idempotency-key': {
      type: 'string',
      minLength: 16,
      maxLength: 200,
      description: 'one effect, however often it is sent',
    },
    ...(ifMatch === undefined ? {} : { 'if-match': { type: 'string', description: IF_MATCH[ifMatch] } }),
    ...own,
  };
  return { headers: { type: 'object', ...headers, properties } };
}

const FILE = { type: 'string', format: 'binary' };

function wordOf({ reach }: RouteAccess): string {
  return typeof reach === 'function' ? 'stores' : reach;
}

/** `GET /api/v1/members/:memberId/gift-cards` is `getMembersByMemberIdGiftCards`. */
export function operationId(method: string, url: string): string {
  const words = url
    .replace(/^\/api\/v1/, '')
    .split(/[/-]/)
    .filter((part) => part !== '')
    .map((part) => (part.startsWith(':') ? `By${upper(part.slice(1))}` : upper(part)));
  return `${method.toLowerCase()}${words.join('')}`;
}

const upper = (word: string): string => `${word.charAt(0).toUpperCase()}${word.slice(1)}`;

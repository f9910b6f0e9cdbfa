/**
 * The types of `src/client/api.ts` out of the OpenAPI page: one type a schema, one entry a route.
 *
 * Understands the JSON schema that zod writes: type, enum, const, anyOf, oneOf, properties, items, additionalProperties, $ref.
 */

// biome-ignore lint/suspicious/noExplicitAny: JSON schema as it is read back
type Json = any;

export function apiTypes(page: Json): string {
  const { schemas } = page.components;
  const names = Object.keys(schemas).toSorted();
  const routes = Object.entries<Json>(page.paths).flatMap(([path, methods]) =>
    Object.entries<Json>(methods).map(
      ([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as const,
    ),
  );
  return [
    '/**',
    " * HQ's API as types, made of its OpenAPI page by `npm run client`: do not edit. `test/client/api-types.test.ts` compares.",
    ' */',
    '',
    ...names.flatMap((name) => [
      ...note(schemas[name].description, ''),
      `export type ${name} = ${typeOf(schemas[name], '')};`,
      '',
    ]),
    'export interface Routes {',
    ...routes
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([name, operation]) => routeLines(name, operation)),
    '}',
    '',
  ].join('\n');
}

function routeLines(name: string, operation: Json): string[] {
  const parameters: Json[] = operation.parameters ?? [];
  const of = (where: string) => {
    const mine = parameters.filter((parameter) => parameter.in === where);
    if (mine.length === 0) return 'never';
    return typeOf(
      {
        type: 'object',
        properties: Object.fromEntries(
          mine.map(({ name, schema, description }) => [name, { ...schema, description }]),
        ),
        required: mine.filter(({ required }) => required === true).map(({ name }) => name),
      },
      '    ',
    );
  };
  return [
    ...note(operation.summary, '  '),
    `  '${name}': {`,
    `    readonly path: ${of('path')};`,
    `    readonly query: ${of('query')};`,
    `    readonly body: ${bodyType(operation.requestBody)};`,
    `    readonly answer: ${contentType(operation.responses?.[200]?.content)};`,
    '  };',
  ];
}

function bodyType(body: Json): string {
  if (body === undefined) return 'never';
  const type = contentType(body.content);
  return body.required === false ? `${type} | undefined` : type;
}

/** What is not JSON is a file. */
function contentType(content: Json): string {
  const schema = content?.['application/json']?.schema;
  return schema === undefined ? 'Blob' : typeOf(schema, '    ');
}

function typeOf(schema: Json, indent: string): string {
  if (typeof schema !== 'object' || schema === null) return 'unknown';
  if (typeof schema.$ref === 'string') return schema.$ref.split('/').at(-1);
  if ('const' in schema) return literal(schema.const);
  if (Array.isArray(schema.enum)) return schema.enum.map(literal).join(' | ');
  const choices = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(choices)) return union(choices.map((one: Json) => typeOf(one, indent)));
  if (Array.isArray(schema.type))
    return union(schema.type.map((type: string) => typeOf({ ...schema, type }, indent)));
  switch (schema.type) {
    case 'string':
      return 'string';
    case 'integer':
    case 'number':
      return 'number';
    case 'boolean':
      return 'boolean';
    case 'null':
      return 'null';
    case 'array':
      return `readonly ${wrapped(typeOf(schema.items ?? {}, indent))}[]`;
    case 'object':
      return objectType(schema, indent);
    default:
      return 'unknown';
  }
}

function objectType(schema: Json, indent: string): string {
  const fields = Object.entries<Json>(schema.properties ?? {});
  const rest = schema.additionalProperties;
  const others = typeof rest === 'object' && rest !== null ? typeOf(rest, indent) : null;
  if (fields.length === 0)
    return `{ readonly [name: string]: ${others ?? (rest === false ? 'never' : 'unknown')} }`;
  const required = new Set<string>(schema.required ?? []);
  const inner = `${indent}  `;
  const lines = fields.flatMap(([name, field]) => {
    const key = /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
    const optional = required.has(name) ? '' : '?';
    // A field that may be left out may also be undefined: JSON leaves it out then.
    const type = `${typeOf(field, inner)}${optional === '' ? '' : ' | undefined'}`;
    return [...note(field.description, inner), `${inner}readonly ${key}${optional}: ${type};`];
  });
  const object = `{\n${lines.join('\n')}\n${indent}}`;
  return others === null ? object : `${object} & { readonly [name: string]: ${others} }`;
}

function note(text: unknown, indent: string): string[] {
  if (typeof text !== 'string' || text === '') return [];
  return [`${indent}/** ${text.replaceAll('*/', '* /').replaceAll(/\s*\n\s*/g, ' ')} */`];
}

function literal(value: unknown): string {
  return JSON.stringify(value);
}

function union(types: readonly string[]): string {
  return [...new Set(types)].map((type) => (type.includes('=>') ? wrapped(type) : type)).join(' | ');
}

function wrapped(type: string): string {
  return /^[\w$]+$/.test(type) ? type : `(${type})`;
}

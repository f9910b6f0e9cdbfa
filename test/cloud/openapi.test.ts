/**
 * The OpenAPI page, held against a validator that is not ours: it is 3.1, each JSON body and answer has an example, and each
 * example fits its schema. The client's types are made of it. No database: the routes tell the page, none is run.
 */

import { fileURLToPath } from 'node:url';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { beforeAll, describe, expect, test } from 'vitest';
import { API_TYPES, apiPage } from '../../src/tools/api-page.ts';
import { apiTypes } from '../../src/tools/api-types.ts';

// biome-ignore lint/suspicious/noExplicitAny: a JSON document
type Json = any;
let page: Json;
beforeAll(async () => {
  page = JSON.parse(JSON.stringify(await apiPage()));
});

interface Part {
  readonly name: string;
  readonly schema: Json;
  readonly example: unknown;
}

/** Every JSON body and every JSON answer. */
function partsOf(of: Json): Part[] {
  return Object.entries<Json>(of.paths).flatMap(([path, methods]) =>
    Object.entries<Json>(methods).flatMap(([method, operation]) => {
      const name = `${method.toUpperCase()} ${path}`;
      const [body, answer] = [operation.requestBody, operation.responses['200']].map(
        (part) => part?.content?.['application/json'],
      );
      return [
        ...(body === undefined ? [] : [{ name: `${name} body`, ...body }]),
        ...(answer === undefined ? [] : [{ name: `${name} answer`, ...answer }]),
      ];
    }),
  );
}

/** Faults of an example, by JSON Schema 2020-12, which OpenAPI 3.1 speaks. */
function judge(of: Json): (part: Part) => string[] {
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
  ajv.addSchema({ $id: 'page', components: of.components });
  return ({ name, schema, example }) => {
    const text = JSON.stringify(schema).replaceAll('"#/components/', '"page#/components/');
    const validate = ajv.compile(JSON.parse(text));
    if (validate(example)) return [];
    return (validate.errors ?? []).map(({ instancePath, message }) => `${name}${instancePath} ${message}`);
  };
}

test('is OpenAPI 3.1 by a validator of others', async () => {
  const { valid, errors } = await new Validator().validate(structuredClone(page));
  expect(errors ?? []).toEqual([]);
  expect([valid, page.openapi]).toEqual([true, '3.1.0']);
});

test('has over 200 operations, each with a name of its own, a summary, and a schema for what was refused', () => {
  const operations = Object.values<Json>(page.paths).flatMap((methods) => Object.values<Json>(methods));
  expect(operations.length).toBeGreaterThan(200);
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
  expect(operations.filter(({ summary }) => !summary).map(({ operationId }) => operationId)).toEqual([]);
});

describe('examples', () => {
  test('stand at every body and every answer that is JSON', () => {
    const parts = partsOf(page);
    expect(parts.filter(({ example }) => example === undefined).map(({ name }) => name)).toEqual([]);
    expect(parts.length).toBeGreaterThan(290);
  });

  test('fit their schemas', () => {
    expect(partsOf(page).flatMap(judge(page))).toEqual([]);
  });

  test('an example with a field of another type, or without one that is needed, would be found', () => {
    const part = partsOf(page).find(({ name }) => name === 'POST /api/v1/orders body')!;
    const order = part.example as Record<string, unknown>;
    const { totalMinor: _, ...without } = order;
    for (const example of [{ ...order, totalMinor: '100.00' }, without])
      expect(judge(page)({ ...part, example })).not.toEqual([]);
  });

  test('hold no secret: what is shown once says so', () => {
    const text = JSON.stringify(partsOf(page).map(({ example }) => example));
    expect(text).not.toMatch(/whsec_|cft_|BEGIN [A-Z ]*PRIVATE|secret=[A-Z2-7]{16}/);
  });
});

test('the types of the client are those of this page (`npm run client` writes them)', async () => {
  await expect(apiTypes(page)).toMatchFileSnapshot(fileURLToPath(API_TYPES));
});

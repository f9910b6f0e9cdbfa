/**
 * Routes of what HQ knows about members beside their profile: custom fields here, the rest in files of its own.
 */
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { Result } from '../../src/core/result.ts';
import type { Db, Queryable } from '../db/db.ts';
import { fieldValuesOf, type MemberValues, putFieldValues } from '../facts/field-values.ts';
import { addField, changeField, type FieldDefinition, type FieldError, listFields } from '../facts/fields.ts';
import { type ApiParts, ApiProblem, type App, may, ok } from './api.ts';
import { revisionFrom } from './etag.ts';
import { registerEvents, registerTimeline } from './event-routes.ts';
import { callerName, knownMember } from './fact-asked.ts';
import {
  FieldBody,
  FieldChange,
  FieldList,
  FieldParams,
  FieldShape,
  MemberParams,
  ValuesBatch,
  ValuesBody,
  ValuesShown,
} from './fact-schemas.ts';
import { Applied } from './schemas.ts';
import { registerTags } from './tag-routes.ts';

const BATCH_BYTES_MAX = 32 * 1024 * 1024;

export function registerFacts(app: App, parts: ApiParts): void {
  registerFields(app, parts);
  registerValues(app, parts);
  registerTags(app, parts);
  registerEvents(app, parts);
  registerTimeline(app, parts);
}

// ---- custom fields ----

function registerFields(app: App, { db, clock }: ApiParts): void {
  app.get(
    '/api/v1/custom-fields',
    {
      config: may('members.read', 'chain'),
      schema: { summary: 'Custom fields, retired ones too', response: ok(FieldList) },
    },
    async () => ({ fields: (await listFields(db)).map(shapeOf) }),
  );
  app.post(
    '/api/v1/custom-fields/:fieldId',
    {
      config: may('segments.write', 'chain'),
      schema: {
        summary: 'Make a custom field: from now on members may have it and segments may ask for it',
        params: FieldParams,
        body: FieldBody,
        response: ok(FieldShape),
      },
    },
    async (request) => {
      const word = { by: callerName(request), atMs: clock.nowMs() };
      return fieldOf(await addField(db, request.params.fieldId, request.body, word));
    },
  );
  app.get(
    '/api/v1/custom-fields/:fieldId',
    {
      config: { ...may('segments.read', 'rows'), etag: true },
      schema: { summary: 'One custom field', params: FieldParams, response: ok(FieldShape) },
    },
    async ({ params }) => {
      const field = (await listFields(db)).find(({ id }) => id === params.fieldId);
      if (field === undefined) throw new ApiProblem(404, 'unknown_field', 'there is no such custom field');
      return shapeOf(field);
    },
  );
  app.put(
    '/api/v1/custom-fields/:fieldId',
    {
      config: { ...may('segments.write', 'chain'), ifMatch: 'must' },
      schema: {
        summary: 'Change a custom field, or retire it; its type stays',
        params: FieldParams,
        body: FieldChange,
        response: ok(FieldShape),
      },
    },
    async (request) => {
      const { revision: said, ...draft } = request.body;
      const revision = revisionFrom(request, said);
      const word = { by: callerName(request), atMs: clock.nowMs() };
      return fieldOf(await changeField(db, request.params.fieldId, revision, draft, word));
    },
  );
}

function shapeOf({ options, names, ...field }: FieldDefinition): z.infer<typeof FieldShape> {
  return { ...field, options: [...options], names: { ...names } };
}

function fieldOf(result: Result<FieldDefinition, FieldError>): z.infer<typeof FieldShape> {
  if (result.ok) return shapeOf(result.value);
  const { error } = result;
  switch (error.kind) {
    case 'unknown_field':
      throw new ApiProblem(404, error.kind, 'there is no such custom field');
    case 'id_taken':
      throw new ApiProblem(409, error.kind, 'there is a custom field of this id, maybe a retired one');
    case 'changed':
      throw new ApiProblem(412, error.kind, 'somebody else changed this field: read it again', {
        revision: error.revision,
      });
    case 'field':
      throw new ApiProblem(422, error.kind, `${error.path}: ${error.message}`, error);
  }
}

function registerValues(app: App, { db, clock }: ApiParts): void {
  const put = async (
    request: FastifyRequest,
    rows: readonly MemberValues[],
    pathOf: (path: string) => string,
  ) => {
    const word = { by: callerName(request), atMs: clock.nowMs() };
    const result = await whole(db, (tx) => putFieldValues(tx, rows, word));
    if (result.ok) return { applied: result.value };
    const { kind, faults } = result.error;
    const errors = faults.map(({ path, message }) => ({ path: pathOf(path), message }));
    throw new ApiProblem(
      kind === 'unknown_member' ? 404 : 422,
      kind,
      `${errors[0]!.path}: ${errors[0]!.message}; nothing was changed`,
      errors,
    );
  };
  app.get(
    '/api/v1/members/:memberId/fields',
    {
      config: may('members.read', 'chain'),
      schema: { summary: 'Custom fields of a member', params: MemberParams, response: ok(ValuesShown) },
    },
    async ({ params }) => {
      const memberId = await knownMember(db, params.memberId);
      const fields = (await fieldValuesOf(db, [memberId])).get(memberId) ?? [];
      return { memberId, fields: fields as z.infer<typeof ValuesShown>['fields'] };
    },
  );
  app.patch(
    '/api/v1/members/:memberId/fields',
    {
      config: may('members.write', 'chain'),
      schema: {
        summary: 'Set or take away custom fields of a member; `applied` is how many changed',
        params: MemberParams,
        body: ValuesBody,
        response: ok(Applied),
      },
    },
    (request) =>
      put(request, [{ memberId: request.params.memberId, values: request.body.values }], (path) =>
        path.replace(/^\[0\]\./, ''),
      ),
  );
  app.patch(
    '/api/v1/member-fields',
    {
      config: may('members.write', 'chain'),
      schema: {
        summary: 'Set custom fields of many members: all or, at the first fault, none',
        body: ValuesBatch,
        response: ok(Applied),
      },
      bodyLimit: BATCH_BYTES_MAX,
    },
    (request) => put(request, request.body.rows, (path) => `rows${path}`),
  );
}

/** A transaction that is rolled back when the result is a refusal. */
async function whole<T, E>(db: Db, work: (tx: Queryable) => Promise<Result<T, E>>): Promise<Result<T, E>> {
  return db.transaction(work);
}

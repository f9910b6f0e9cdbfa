/**
 * Routes of the people at the tills, their roles, and the points programme.
 */
import type { z } from 'zod';
import { DEFAULT_ROLES, type Role } from '../../src/core/people.ts';
import type { Programme } from '../../src/core/points.ts';
import { currentProgramme, putProgramme } from '../loyalty/programme.ts';
import { listRoles, listStaff, putRoles, putStaff } from '../people/people.ts';
import { type ApiParts, ApiProblem, type App, may, ok } from './api.ts';
import { wordOf } from './fact-asked.ts';
import { ListQuery, pageOf } from './pages.ts';
import { CurrentProgramme, ProgrammeShape, RoleBatch, StaffBatch, StaffList } from './people-schemas.ts';
import { Applied } from './schemas.ts';

export function registerPeople(app: App, { db, clock, signals }: ApiParts): void {
  const applied = (count: number) => {
    signals.emit('feed', {});
    return { applied: count };
  };
  app.get(
    '/api/v1/roles',
    {
      config: { ...may('staff.read', 'rows'), etag: true },
      schema: { summary: 'Roles at the till that HQ made', response: ok(RoleBatch) },
    },
    async () => ({ roles: (await listRoles(db)) as z.infer<typeof RoleBatch>['roles'] }),
  );
  app.put(
    '/api/v1/roles',
    {
      config: { ...may('staff.write', 'chain'), ifMatch: 'may' },
      schema: { summary: 'Add or change roles at the till', body: RoleBatch, response: ok(Applied) },
    },
    async ({ body }) => applied(await putRoles(db, body.roles as Role[], clock.nowMs())),
  );
  app.get(
    '/api/v1/staff',
    {
      config: { ...may('staff.read', 'rows'), etag: true },
      schema: { summary: 'Who may sign on at the tills', querystring: ListQuery, response: ok(StaffList) },
    },
    async ({ query }) => {
      const page = pageOf(await listStaff(db), query, ({ id }) => id);
      return { staff: page.rows, nextCursor: page.nextCursor };
    },
  );
  app.put(
    '/api/v1/staff',
    {
      config: { ...may('staff.write', 'chain'), ifMatch: 'may' },
      schema: { summary: 'Add or change staff', body: StaffBatch, response: ok(Applied) },
    },
    async ({ body }) => {
      const result = await putStaff(db, body.staff, DEFAULT_ROLES, clock.nowMs());
      if (!result.ok) {
        throw new ApiProblem(422, result.error.kind, STAFF_WORDS[result.error.kind], result.error);
      }
      return applied(result.value);
    },
  );
  app.get(
    '/api/v1/programme',
    {
      config: { ...may('promotions.read', 'rows'), etag: true },
      schema: { summary: 'The points programme that the tills go by', response: ok(CurrentProgramme) },
    },
    async () => ({ programme: (await currentProgramme(db)) as CurrentShape }),
  );
  app.put(
    '/api/v1/programme',
    {
      config: { ...may('programme.write', 'chain'), ifMatch: 'may' },
      schema: { summary: 'Publish a points programme', body: ProgrammeShape, response: ok(Applied) },
    },
    async (request) => {
      const { body } = request;
      const result = await putProgramme(db, body as Programme, wordOf(request, clock));
      if (result.ok) return applied(1);
      throw new ApiProblem(
        409,
        result.error.kind,
        `version ${body.version} is out with other rules, and sales name it: use a new version`,
      );
    },
  );
}

type CurrentShape = import('zod').z.infer<typeof CurrentProgramme>['programme'];

const STAFF_WORDS = {
  pin_missing: 'somebody new needs a PIN of 4 to 12 digits; nobody was stored',
  unknown_role: 'there is no such role; nobody was stored',
  unknown_store: 'there is no such store; nobody was stored',
} as const;

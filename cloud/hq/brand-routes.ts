/**
 * `/api/v1/branding`: how HQ's pages look for everybody. Reading it is open: the page where one signs in looks so too.
 */
import { type ApiParts, ApiProblem, type App, may, ok } from './api.ts';
import { type BrandError, brandOf, changeBrand } from './brand.ts';
import { BrandDraft, BrandShape } from './brand-schemas.ts';
import { IfMatch, revisionAsked, tellRevision } from './etag.ts';

export function registerBranding(app: App, { db, clock }: ApiParts): void {
  app.get(
    '/api/v1/branding',
    {
      config: { open: true },
      schema: { summary: 'Name, colour and mark of HQ’s pages', response: ok(BrandShape) },
    },
    async (request, reply) => {
      const brand = await brandOf(db);
      if (tellRevision(request, reply, brand.revision)) return reply.status(304).send(undefined as never);
      return brand;
    },
  );
  app.put(
    '/api/v1/branding',
    {
      config: may('stores.write', 'chain'),
      schema: { summary: 'Change the look', body: BrandDraft, headers: IfMatch, response: ok(BrandShape) },
    },
    async (request, reply) => {
      const before = await brandOf(db);
      const draft = { ...request.body, revision: revisionAsked(request) };
      const changed = await changeBrand(db, draft, clock.nowMs());
      if (!changed.ok) throw problemOf(changed.error);
      request.changed = { before, after: changed.value };
      tellRevision(request, reply, changed.value.revision);
      return changed.value;
    },
  );
}

function problemOf(error: BrandError): ApiProblem {
  switch (error.kind) {
    case 'too_light':
      return new ApiProblem(
        422,
        error.kind,
        `white words cannot be read on this colour (contrast ${error.contrast.toFixed(1)}, 4.5 is needed): take a darker one`,
        error,
      );
    case 'not_png':
      return new ApiProblem(422, error.kind, 'the mark is no PNG picture', error);
    case 'too_large':
      return new ApiProblem(422, error.kind, `the mark has ${error.bytes} bytes; 32768 is the most`, error);
    case 'changed':
      return new ApiProblem(412, error.kind, 'somebody else changed the look: read it again');
  }
}

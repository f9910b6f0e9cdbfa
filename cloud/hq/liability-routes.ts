/**
 * What is out in points, value and coupons; and what another points programme would have given.
 */
import type { z } from 'zod';
import type { JournalEntry } from '../../src/core/entry.ts';
import { expiryOf, PLAIN_TERMS } from '../../src/core/ledger.ts';
import { earnPoints, type Programme, pointsWorth } from '../../src/core/points.ts';
import type { Sale } from '../../src/core/sale.ts';
import type { Queryable } from '../db/db.ts';
import { liabilityOn } from '../loyalty/liability.ts';
import { currentProgramme } from '../loyalty/programme.ts';
import { type ApiParts, ApiProblem, type App, may, ok } from './api.ts';
import { todayOf } from './asked.ts';
import * as s from './loyalty-schemas.ts';
import { ListQuery, pageOf } from './pages.ts';
import { ProgrammeShape } from './people-schemas.ts';

const PREVIEW_SALES_MAX = 5_000;

export function registerLiability(app: App, { db, clock }: ApiParts): void {
  app.get(
    '/api/v1/reports/liability',
    {
      config: may('loyalty.read', 'chain'),
      schema: {
        summary:
          'Points, stored value and gift cards that are out, what ends when, and how coupons were used',
        querystring: s.LiabilityQuery,
        response: ok(s.LiabilityAnswer),
      },
    },
    async ({ query }) => {
      const asOf = query.asOf ?? (await todayOf(db, clock, null));
      const { purses, ending, coupons } = await liabilityOn(db, asOf);
      return { asOf, purses: [...purses], ending: [...ending], coupons: [...coupons] };
    },
  );
  app.post(
    '/api/v1/programme/preview',
    {
      config: may('loyalty.read', 'rows'),
      schema: {
        summary: 'What a programme that is not published would have given on the sales of a day',
        body: s.ProgrammePreviewAsked,
        response: ok(s.ProgrammePreview),
      },
    },
    async ({ body }) => {
      const read = ProgrammeShape.safeParse(body.programme);
      if (!read.success) {
        throw new ApiProblem(
          422,
          'programme',
          'the programme is wrong',
          read.error.issues.map(({ path, message }) => ({ path: `programme.${path.join('.')}`, message })),
        );
      }
      return previewOf(db, body.businessDate, read.data as Programme);
    },
  );
  app.get(
    '/api/v1/programme/versions',
    {
      config: may('loyalty.read', 'rows'),
      schema: {
        summary: 'Programmes that were published, newest first',
        querystring: ListQuery,
        response: ok(s.VersionList),
      },
    },
    async ({ query }) => {
      const versions = await db.query<z.infer<typeof s.VersionList>['versions'][number]>(
        'select version, published_at as "publishedAtMs" from programme order by published_at desc, version desc',
      );
      const page = pageOf(versions, query, ({ version }) => version);
      return { versions: page.rows, nextCursor: page.nextCursor };
    },
  );
}

/** Birthdays are not looked at: a sale holds no personal data. */
async function previewOf(
  db: Queryable,
  businessDate: string,
  programme: Programme,
): Promise<z.infer<typeof s.ProgrammePreview>> {
  const rows = await db.query<{ text: string }>(
    `select e.text from sale s join journal_entry e on e.journal_id = s.journal_id and e.seq = s.seq
     where s.business_date = $1::date and s.member_id is not null order by s.at desc limit $2`,
    [businessDate, PREVIEW_SALES_MAX],
  );
  let [sales, changed, pointsThen, pointsNow] = [0, 0, 0, 0];
  for (const { text } of rows) {
    const { body } = JSON.parse(text) as JournalEntry & { readonly body: Sale };
    if (body.priced === undefined || body.points == null) continue;
    const earner = { tierId: body.priced.tier?.id ?? null };
    const { earned } = earnPoints(programme, earner, body.priced.at, body, body.taxMode);
    sales++;
    if (earned !== body.points.earned) changed++;
    pointsThen += body.points.earned;
    pointsNow += earned;
  }
  const more = pointsNow - pointsThen;
  const worthMinor = Math.sign(more) * pointsWorth(programme.spend, Math.abs(more));
  const endOf = (of: Programme | null) => expiryOf((of?.lots ?? PLAIN_TERMS).expiry, businessDate);
  const [endsThen, endsNow] = [endOf(await currentProgramme(db)), endOf(programme)];
  return { sales, changed, pointsThen, pointsNow, worthMinor, endsThen, endsNow };
}

/**
 * Shapes of the breakdown of sales.
 */
import { z } from 'zod';
import { DIMENSIONS } from './breakdown.ts';
import { locale, minor, saleFilter } from './schemas.ts';

export const BreakdownQuery = z
  .object({
    ...saleFilter,
    from: z.iso.date(),
    to: z.iso.date(),
    by: z.enum(DIMENSIONS),
    limit: z.coerce.number().int().min(1).max(1_000).default(200),
  })
  .omit({ businessDate: true, receiptNo: true })
  .refine(({ from, to }) => from <= to, { path: ['to'], message: 'is before from' });

const figures = {
  tickets: z.int().describe('sales and exchanges'),
  refunds: z.int(),
  pieces: z.int().describe('sold less returned'),
  grossMinor: minor,
  adjustmentMinor: minor.describe('what was taken off'),
  totalMinor: minor,
  memberTickets: z.int(),
  memberTotalMinor: minor,
  members: z.int().describe('distinct members'),
};

export const BreakdownAnswer = z
  .object({
    asOfMs: z.int(),
    currency: z.string(),
    by: z.enum(DIMENSIONS),
    whole: z.object(figures),
    parts: z.array(
      z.object({
        key: z.string(),
        name: z.string().nullable(),
        names: z.partialRecord(locale, z.string()).nullable(),
        ...figures,
      }),
    ),
    cut: z.boolean().describe('the smallest parts are left out: there are more than `limit`'),
  })
  .meta({ id: 'Breakdown' });
export type BreakdownAnswer = z.infer<typeof BreakdownAnswer>;

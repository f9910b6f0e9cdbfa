/**
 * Shapes of the fraud lens.
 */
import { z } from 'zod';
import { LENS_KINDS } from './lens.ts';

export const LensQuery = z.object({
  from: z.iso.date(),
  to: z.iso.date(),
  storeId: z.string().max(64).optional(),
});
export const LensAnswer = z
  .object({
    findings: z.array(
      z.object({
        kind: z.enum(LENS_KINDS),
        storeId: z.string(),
        cashierId: z.string().nullable(),
        count: z.int(),
        amountMinor: z.int().nullable(),
        currency: z.string().nullable(),
        rows: z
          .array(
            z.object({
              tillId: z.string(),
              journalId: z.string(),
              seq: z.int(),
              saleId: z.string().nullable(),
              atMs: z.int(),
            }),
          )
          .describe('the newest twenty'),
      }),
    ),
  })
  .meta({ id: 'FraudLens' });

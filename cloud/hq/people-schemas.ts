/**
 * Shapes of the people and programme routes.
 */
import { z } from 'zod';
import { PERMISSIONS } from '../../src/core/people.ts';
import { locale, nextCursor } from './schemas.ts';

const id = z.string().regex(/^[A-Za-z0-9_-]{1,32}$/);
const names = z.partialRecord(locale, z.string().max(300)).optional();

export const RoleShape = z
  .object({
    id,
    name: z.string().min(1).max(80),
    names,
    permissions: z.array(z.enum(PERMISSIONS)).max(PERMISSIONS.length),
    discountLimitBp: z
      .int()
      .min(0)
      .max(10_000)
      .describe('discount by hand without approval, 1000 = 10 % of the line or order'),
  })
  .meta({ id: 'Role' });
export const RoleBatch = z.object({ roles: z.array(RoleShape).max(100) });

export const StaffShape = z
  .object({
    id,
    name: z.string().trim().min(1).max(80),
    roleId: id,
    storeId: id.nullable().describe('null: works in every store'),
    active: z.boolean(),
    pin: z
      .string()
      .regex(/^\d{4,12}$/)
      .optional()
      .describe('kept as a scrypt hash; left out: the old one stays'),
  })
  .meta({ id: 'StaffInput' });
export const StaffBatch = z.object({ staff: z.array(StaffShape).max(2_000) });
export const StaffList = z
  .object({ staff: z.array(StaffShape.omit({ pin: true })), nextCursor })
  .meta({ id: 'StaffList' });

const validity = z
  .object({
    from: z.iso.date().optional(),
    to: z.iso.date().optional(),
    weekdays: z.array(z.int().min(1).max(7)).max(7).optional(),
    monthDays: z.array(z.int().min(1).max(31)).max(31).optional(),
    hours: z
      .array(z.object({ fromMinute: z.int().min(0).max(1439), toMinute: z.int().min(0).max(1440) }))
      .max(24)
      .optional(),
  })
  .optional();
const keys = z.array(z.string().min(1).max(120)).max(2_000).optional();
const items = z
  .object({
    all: z.boolean().optional(),
    skus: keys,
    categories: keys,
    brands: keys,
    exclude: z.object({ skus: keys, categories: keys, brands: keys }).optional(),
  })
  .optional();

export const ProgrammeShape = z
  .object({
    version: z.string().min(1).max(64),
    earn: z.object({
      perMinor: z.int().min(1).max(1_000_000_000).describe('one point for each of it'),
      multipliers: z
        .array(
          z.object({
            id,
            timesBp: z.int().min(0).max(1_000_000).describe('20000 = double'),
            tiers: keys,
            validity,
            items,
            birthdayMonth: z.boolean().optional(),
          }),
        )
        .max(200),
      timesMaxBp: z.int().min(1).max(1_000_000),
    }),
    spend: z.object({
      points: z.int().min(1).max(1_000_000),
      worthMinor: z.int().min(1).max(1_000_000_000),
      stepPoints: z.int().min(1).max(1_000_000),
      capBp: z.int().min(0).max(10_000),
    }),
    lots: z
      .object({
        expiry: z.discriminatedUnion('kind', [
          z.object({ kind: z.literal('never') }),
          z.object({ kind: z.literal('days'), days: z.int().min(1).max(36_500) }),
          z.object({ kind: z.literal('year_end'), yearsAfter: z.int().min(0).max(100) }),
        ]),
        graceDays: z.int().min(0).max(3_650),
        shortfall: z.enum(['owe', 'forgive']),
      })
      .optional()
      .describe('how long points are good; left out: for ever, and what a refund does not find is owed'),
  })
  .meta({ id: 'Programme' });
export const CurrentProgramme = z
  .object({ programme: ProgrammeShape.nullable() })
  .meta({ id: 'CurrentProgramme' });

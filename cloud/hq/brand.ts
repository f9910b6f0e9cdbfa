/**
 * The look of the house: name, colour and mark of HQ's pages. The only writer of `brand`.
 */
import { contrastOf, READABLE } from '../../src/core/colour.ts';
import { err, ok, type Result } from '../../src/core/result.ts';
import type { Queryable } from '../db/db.ts';

export interface Brand {
  readonly name: string;
  /** `#rrggbb`, white words are readable on it. */
  readonly colour: string;
  /** PNG, base64. */
  readonly markPng: string | null;
  /** 0: nothing was ever set. */
  readonly revision: number;
}

export const PLAIN_BRAND: Brand = { name: 'Counterfoil', colour: '#0b6e4f', markPng: null, revision: 0 };

export type BrandError =
  | { readonly kind: 'too_light'; readonly path: 'colour'; readonly contrast: number }
  | { readonly kind: 'not_png'; readonly path: 'markPng' }
  | { readonly kind: 'too_large'; readonly path: 'markPng'; readonly bytes: number }
  | { readonly kind: 'changed' };

/** It travels with the first answer of every page. */
const MARK_BYTES_MAX = 32 * 1024;
const PNG_HEAD = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

export async function brandOf(db: Queryable): Promise<Brand> {
  const [row] = await db.query<Brand>(`select name, colour, mark_png as "markPng", revision from brand`);
  return row ?? PLAIN_BRAND;
}

/** @param revision  the one that was read; somebody else's change in between is told */
export async function changeBrand(
  db: Queryable,
  { revision, ...brand }: Brand,
  nowMs: number,
): Promise<Result<Brand, BrandError>> {
  const fault = faultOf(brand);
  if (fault !== null) return err(fault);
  const { name, colour, markPng } = brand;
  const rows = await db.query<{ revision: number }>(
    `insert into brand (name, colour, mark_png, revision, updated_at)
     select $1, $2, $3, 1, to_timestamp($5::float8 / 1000)
     where $4::int = 0 or exists (select from brand)
     on conflict (one) do update set name = $1, colour = $2, mark_png = $3, revision = brand.revision + 1,
       updated_at = excluded.updated_at
     where brand.revision = $4
     returning revision`,
    [name, colour, markPng, revision, nowMs],
  );
  return rows.length === 0 ? err({ kind: 'changed' }) : ok({ ...brand, revision: rows[0]!.revision });
}

function faultOf({ colour, markPng }: Omit<Brand, 'revision'>): BrandError | null {
  const contrast = contrastOf(colour, '#ffffff');
  if (contrast < READABLE) return { kind: 'too_light', path: 'colour', contrast };
  if (markPng === null) return null;
  const bytes = Buffer.from(markPng, 'base64');
  if (bytes.length > MARK_BYTES_MAX) return { kind: 'too_large', path: 'markPng', bytes: bytes.length };
  return bytes.subarray(0, PNG_HEAD.length).equals(PNG_HEAD) ? null : { kind: 'not_png', path: 'markPng' };
}

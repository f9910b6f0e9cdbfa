/**
 * What journals say of rights, read as from a stranger: a till that is not ours must not hold up the books.
 */
import { z } from 'zod';
import type { JournalEntry } from '../../src/core/entry.ts';

/** PostgreSQL's text holds everything but a NUL. */
const text = (charsMax: number) =>
  z
    .string()
    .min(1)
    .max(charsMax)
    .refine((value) => !value.includes('\0'), 'holds a NUL');

const right = { leaseId: text(64), key: text(200) };
const Granted = z.object({
  ...right,
  amount: z.int().min(1),
  // Both are written into rows where HQ takes a lease up again.
  untilMs: z.int().min(0).max(8.64e15),
  epoch: z.int().min(0).max(2_000_000_000),
  purpose: z.enum(['visit', 'ahead']),
  sig: z.string().max(200).optional(),
});
const Returned = z.object({ rights: z.array(z.object({ ...right, amount: z.int().min(0) })).max(10_000) });

/** @returns what is wrong with the body of a `right_…` entry; null: nothing, or it is another kind */
export function rightsProblem(entry: JournalEntry): string | null {
  if (entry.kind !== 'right_granted' && entry.kind !== 'right_returned') return null;
  const parsed = (entry.kind === 'right_granted' ? Granted : Returned).safeParse(entry.body);
  if (parsed.success) return null;
  const [issue] = parsed.error.issues;
  return `${entry.kind}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`;
}

/**
 * The suppression list: phones and mails of people who were erased, as blind values. It reads back nobody, and says of a
 * number that comes in whether it belonged to somebody who asked to be forgotten.
 */
import type { Queryable } from '../db/db.ts';
import { vaultOf } from '../vault/vault.ts';
import { type Blind, exactBlinds, homeRegion, phoneBlinds, phoneForm } from './lookup.ts';
import type { Profile } from './profile.ts';

export async function suppress(
  tx: Queryable,
  blinds: readonly Blind[],
  given: { readonly reason: string; readonly atMs: number },
): Promise<number> {
  const rows = await tx.query(
    `insert into suppression (kind, blind, reason, at)
     select kind, blind, $3, to_timestamp($4::float8 / 1000) from unnest($1::text[], $2::text[]) as b(kind, blind)
     on conflict do nothing returning 1 as added`,
    [blinds.map(({ kind }) => kind), blinds.map(({ blind }) => blind), given.reason, given.atMs],
  );
  return rows.length;
}

/** Phones and mails of a profile, as they go on the list. */
export async function suppressible(tx: Queryable, profile: Profile): Promise<Blind[]> {
  const vault = vaultOf(tx);
  const home = await homeRegion(tx);
  return [
    ...profile.phones.map(
      (phone): Blind => ({ kind: 'phone', blind: vault.blind('phone', phoneForm(phone, home)) }),
    ),
    ...profile.mails.flatMap((mail) => exactBlinds(vault, 'mail', mail)),
  ];
}

export interface Suppressed {
  readonly field: 'phones' | 'mails';
  readonly index: number;
}

/** Which of these contacts are on the list; in the order of the people given. */
export async function suppressedIn(
  tx: Queryable,
  people: readonly Pick<Profile, 'phones' | 'mails'>[],
): Promise<(Suppressed | null)[]> {
  const vault = vaultOf(tx);
  const asked = people.map(({ phones, mails }) => [
    ...phones.map((phone, index) => ({ field: 'phones' as const, index, blinds: phoneBlinds(vault, phone) })),
    ...mails.map((mail, index) => ({
      field: 'mails' as const,
      index,
      blinds: exactBlinds(vault, 'mail', mail),
    })),
  ]);
  const all = asked.flat().flatMap(({ blinds }) => blinds);
  if (all.length === 0) return people.map(() => null);
  const rows = await tx.query<Blind>(
    `select s.kind, s.blind from suppression s
     join (select distinct * from unnest($1::text[], $2::text[]) as b(kind, blind)) b using (kind, blind)`,
    [all.map(({ kind }) => kind), all.map(({ blind }) => blind)],
  );
  const listed = new Set(rows.map(({ kind, blind }) => `${kind} ${blind}`));
  return asked.map((contacts) => {
    const hit = contacts.find(({ blinds }) =>
      blinds.some(({ kind, blind }) => listed.has(`${kind} ${blind}`)),
    );
    return hit === undefined ? null : { field: hit.field, index: hit.index };
  });
}

/** Somebody who was forgotten comes back of their own will. @returns how many values left the list */
export async function liftSuppression(
  tx: Queryable,
  contact: { readonly phone?: string | undefined; readonly mail?: string | undefined },
): Promise<number> {
  const vault = vaultOf(tx);
  const blinds = [
    ...(contact.phone === undefined ? [] : phoneBlinds(vault, contact.phone)),
    ...(contact.mail === undefined ? [] : exactBlinds(vault, 'mail', contact.mail)),
  ];
  const rows = await tx.query(
    `delete from suppression s using unnest($1::text[], $2::text[]) as b(kind, blind)
     where s.kind = b.kind and s.blind = b.blind returning 1 as gone`,
    [blinds.map(({ kind }) => kind), blinds.map(({ blind }) => blind)],
  );
  return rows.length;
}

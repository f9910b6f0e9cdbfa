/** A member as `/api/v1` shows it. */
import type { z } from 'zod';
import type { StoredMember } from '../members/store.ts';
import { ApiProblem } from './api.ts';
import type * as s from './member-schemas.ts';

export function shown({
  id,
  tierId,
  revision,
  updatedAtMs,
  profile,
}: StoredMember): z.infer<typeof s.MemberShown> {
  const { cards, phones, mails, tags, ...rest } = profile;
  return {
    ...{ id, tierId, revision, updatedAtMs },
    profile: { ...rest, cards: [...cards], phones: [...phones], mails: [...mails], tags: [...tags] },
  };
}

export function unknownMember(): ApiProblem {
  return new ApiProblem(404, 'unknown_member', 'there is no such member');
}

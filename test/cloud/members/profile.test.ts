/** Profiles as values: who wrote last wins field by field, and merging is a function of the parts alone. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  applyPatch,
  EMPTY_PROFILE,
  foldProfiles,
  type Profile,
  type ProfilePatch,
  type Stamp,
  type StampedProfile,
  stampNow,
} from '../../../cloud/members/profile.ts';

const EMPTY: StampedProfile = { profile: EMPTY_PROFILE, stamps: {} };
const profileOf = (fields: Partial<Profile>, at: Stamp = [1, 0, 1]) => applyPatch(EMPTY, fields, at);

describe('a patch', () => {
  test.each<[string, Stamp, Stamp, string]>([
    ['a later clock wins, whatever its rank', [10, 0, 5], [11, 0, 1], 'b'],
    ['an earlier clock loses, whatever its rank', [10, 0, 1], [9, 9, 5], 'a'],
    ['the counter counts where the time is the same', [10, 0, 5], [10, 1, 1], 'b'],
    ['at the same clock HQ (5) outranks an import (1)', [10, 0, 1], [10, 0, 5], 'b'],
    ['and an import does not outrank HQ', [10, 0, 5], [10, 0, 1], 'a'],
  ])('%s', (_why, first, second, expected) => {
    const before = profileOf({ name: 'a' }, first);
    const after = applyPatch(before, { name: 'b' }, second);
    expect(after.profile.name).toBe(expected);
    expect(after.kept).toEqual(expected === 'a' ? ['name'] : []);
  });

  test('fields are apart: a late write of one does not take another back', () => {
    const before = applyPatch(profileOf({ name: 'a', gender: 'f' }, [10, 0, 5]), { gender: 'm' }, [20, 0, 5]);
    const after = applyPatch(before, { name: 'b', gender: 'x' }, [15, 0, 5]);
    expect([after.profile.name, after.profile.gender, after.changed, after.kept]).toEqual([
      'b',
      'm',
      ['name'],
      ['gender'],
    ]);
  });

  test('a write here and now is after all that is there, also where another clock was ahead', () => {
    const before = profileOf({ name: 'a' }, [5_000, 3, 1]);
    expect(stampNow(before.stamps, 1_000, 'hq')).toEqual([5_000, 4, 5]);
    expect(stampNow(before.stamps, 6_000, 'hq')).toEqual([6_000, 0, 5]);
  });

  const patch = fc.record<ProfilePatch>(
    {
      name: fc.constantFrom('a', 'b'),
      gender: fc.constantFrom('f', 'm', null),
      phones: fc.subarray(['1', '2', '3']),
    },
    { requiredKeys: [] },
  );
  const stamp = fc.tuple(fc.nat(3), fc.nat(1), fc.nat(2));
  test('patches in any order end with the same profile', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(patch, stamp), { maxLength: 6 }),
        fc.infiniteStream(fc.nat()),
        (said, dice) => {
          const run = (list: typeof said) => {
            const { profile, stamps } = list.reduce<StampedProfile>(
              (at, [p, s]) => applyPatch(at, p, s),
              EMPTY,
            );
            return { profile, stamps };
          };
          const other = said
            .map((each) => ({ each, place: dice.next().value }))
            .sort((a, b) => a.place - b.place)
            .map(({ each }) => each);
          expect(run(other)).toEqual(run(said));
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('a merge', () => {
  test('the later word wins, an empty one never; lists are joined, the survivor first', () => {
    const own = applyPatch(
      profileOf({ name: '林小美', phones: ['1', '2'], gender: 'f', needs: 'tea' }, [10, 0, 5]),
      { residence: '高雄市' },
      [30, 0, 5],
    );
    const part = applyPatch(
      profileOf(
        { name: '林小美(2)', phones: ['2', '3'], residence: '台北市', birthday: '05-17' },
        [20, 0, 5],
      ),
      { needs: null },
      [40, 0, 5],
    );
    const { profile } = foldProfiles(own, [{ ...part, mergedAtMs: 50 }]);
    expect(profile).toMatchObject({
      name: '林小美(2)',
      phones: ['1', '2', '3'],
      gender: 'f',
      residence: '高雄市',
      birthday: '05-17',
      needs: 'tea',
    });
  });

  test('a list that was written after the merge stands as written', () => {
    const own = profileOf({ phones: ['1'] }, [60, 0, 5]);
    const part = { ...profileOf({ phones: ['2'] }, [20, 0, 5]), mergedAtMs: 50 };
    expect(foldProfiles(own, [part]).profile.phones).toEqual(['1']);
  });

  test('without the part it is what it was', () => {
    const own = profileOf({ name: 'a', phones: ['1'] });
    expect(foldProfiles(own, [])).toEqual({ profile: own.profile, stamps: own.stamps });
  });
});

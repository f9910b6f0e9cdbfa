/** Somebody joins at a bare till: the entry in its chain, and the personal data that came beside it. */
import { sealEnrolments } from '../../cloud/members/enrolments.ts';
import { canonicalJson, toHex } from '../../src/core/entry.ts';
import { sha256 } from '../../src/till/run.ts';
import type { TestCloud } from './cloud.ts';
import type { RawTill } from './raw-till.ts';

const SALT = 'ab'.repeat(16);

/** @param commitment what the till committed to, where that is something else than the data */
export async function enrol(
  cloud: TestCloud,
  till: RawTill,
  memberId: string,
  personal: { readonly name: string; readonly phone: string },
  commitment?: string,
) {
  const data = canonicalJson(personal);
  const personalId = `pers-${memberId}`;
  const body = {
    memberId,
    cardNo: `P-${memberId}`,
    storeId: 'S01',
    personalId,
    commitment: commitment ?? toHex(sha256(Buffer.from(SALT, 'hex'), Buffer.from(data))),
    consents: [{ purpose: 'membership', textVersion: '1', granted: true }],
  };
  till.append('member_enrolled', body);
  const [sealed] = await sealEnrolments(cloud.db, [{ memberId, data }]);
  await cloud.db.query(
    'insert into personal (personal_id, till_id, salt, data, received_at, member_id) values ($1, $2, $3, $4, now(), $5)',
    [personalId, till.tillId, SALT, sealed!, memberId],
  );
  return body;
}

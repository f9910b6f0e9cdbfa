/** North American coupons: fields in their order, each with the place where it breaks off. */
import { expect, test } from 'vitest';
import { couponCode, couponPosOffer } from '../../src/core/gs1-coupon.ts';

// GCP 6 digits, offer code, save value 1 digit "1", requirement 1 digit "1", its code 0, family 123.
const WHOLE = '012345612345611110123';

test.each([
  ['the shortest', WHOLE, null],
  ['a second purchase', `${WHOLE}101101239`, null],
  ['expiry after start', `${WHOLE}32612314260101`, null],
  ['serial number of 6', `${WHOLE}50123456`, null],
  ['flags', `${WHOLE}90001`, null],
  ['nothing', '', ['coupon_missing_gcp_vli', 0, 0]],
  ['a company of 13 digits', '7123456789012345', ['coupon_invalid_gcp_length', 0, 1]],
  ['an offer code of 3', '0123456123', ['coupon_truncated_offer_code', 7, 3]],
  ['an expiry on 30 February', `${WHOLE}3260230`, ['coupon_invalid_expiration_date', 22, 6]],
  ['an expiry before the start', `${WHOLE}32601014261231`, ['coupon_expiration_before_start', 21, 14]],
  ['one digit too many', `${WHOLE}0`, ['coupon_excess_data', 21, 1]],
  ['a letter', `${WHOLE}A`, ['non_digit_character', 21, 1]],
])('(8110) %s', (_, data, fault) => {
  const flaw = couponCode(data);
  expect(flaw === null ? null : [flaw.what, flaw.at, flaw.length]).toEqual(fault);
});

test.each([
  ['the shortest', '001234561234560123456', null],
  ['format 2', '201234561234560123456', ['coupon_invalid_format_code', 0, 1]],
  ['no serial number', '00123456123456', ['coupon_missing_serial_number_vli', 0, 14]],
])('(8112) %s', (_, data, fault) => {
  const flaw = couponPosOffer(data);
  expect(flaw === null ? null : [flaw.what, flaw.at, flaw.length]).toEqual(fault);
});

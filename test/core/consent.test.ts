/** Consent: the words have a version, what is needed must be granted, refusals are recorded too. */
import { expect, test } from 'vitest';
import { consentGiven, consentIn, DEFAULT_CONSENT } from '../../src/core/consent.ts';
import { LOCALES } from '../../src/core/item.ts';

const { version } = DEFAULT_CONSENT;

test('the text that stands in has its own words in each language, under one version', () => {
  const texts = LOCALES.map((locale) => consentIn(DEFAULT_CONSENT, locale));
  expect(new Set(texts.map(({ textVersion }) => textVersion))).toEqual(new Set(['default-1']));
  expect(new Set(texts.map(({ purposes }) => purposes[0]!.text)).size).toBe(3);
});

test('membership granted, messages not: both are recorded with the version', () => {
  expect(consentGiven(DEFAULT_CONSENT, version, [{ purpose: 'membership', granted: true }])).toEqual({
    ok: true,
    value: [
      { purpose: 'membership', textVersion: version, granted: true },
      { purpose: 'sms', textVersion: version, granted: false },
    ],
  });
});

test.each([
  ['nothing said', version, []],
  ['membership refused', version, [{ purpose: 'membership', granted: false }]],
  ['only what is not needed', version, [{ purpose: 'sms', granted: true }]],
  ['the words of another version', 'default-0', [{ purpose: 'membership', granted: true }]],
])('%s is `consent_needed`', (_why, textVersion, answers) => {
  expect(consentGiven(DEFAULT_CONSENT, textVersion, answers)).toEqual({
    ok: false,
    error: { kind: 'consent_needed' },
  });
});

test('a purpose that the text does not have is not recorded', () => {
  const answers = [
    { purpose: 'membership', granted: true },
    { purpose: 'sell_to_others', granted: true },
  ];
  const given = consentGiven(DEFAULT_CONSENT, version, answers);
  expect(given.ok && given.value.map(({ purpose }) => purpose)).toEqual(['membership', 'sms']);
});

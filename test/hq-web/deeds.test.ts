/** The audit log in sentences: every route that writes has one in three languages, and none is of a route that there is not. */
import { expect, test } from 'vitest';
import { DEED_WORDS } from '../../cloud/hq/web/i18n/words/deeds.ts';
import { apiPage } from '../../src/tools/api-page.ts';

/** They only look, whatever their method says (`test/cloud/access/audit-walk.test.ts` proves it of each). */
const LOOKS = /\/(?:preview|search|count|correlation)$/;

/** A download of personal data is told like a write. */
const TAKEN_AWAY = ['GET /api/v1/members/export'];

test('each of over 110 routes that write is a sentence in three languages', async () => {
  const page = JSON.parse(JSON.stringify(await apiPage())) as { paths: Record<string, object> };
  const writes = Object.entries(page.paths)
    .flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`))
    .filter((route) => !route.startsWith('GET ') && !LOOKS.test(route))
    .map((route) => route.replaceAll(/\{(\w+)\}/g, ':$1'));
  expect(Object.keys(DEED_WORDS).toSorted()).toEqual([...writes, ...TAKEN_AWAY].toSorted());
  expect(writes.length).toBeGreaterThan(110);
  for (const [route, words] of Object.entries(DEED_WORDS)) {
    expect([route, words.length, words.every((word) => word.trim() !== '')]).toEqual([route, 3, true]);
    expect([route, /[一-鿿]|Webhook/.test(words[0]), /[\p{Script=Han}’“”]/u.test(words[2])]).toEqual([
      route,
      true,
      false,
    ]);
  }
  // No two routes are one sentence to their reader.
  expect(new Set(Object.values(DEED_WORDS).map(([, , en]) => en)).size).toBe(
    writes.length + TAKEN_AWAY.length,
  );
});

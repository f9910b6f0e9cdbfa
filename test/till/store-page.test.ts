/** The store manager's page at a till: its own sales at once, those of the other till through HQ, all of it offline. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openCloud, QUICK, type TestCloud } from '../kit/cloud.ts';
import { aTillFolder, openTill, type TestTill } from '../kit/till.ts';
import type { TillClient } from '../kit/till-client.ts';
import { until } from '../kit/until.ts';

let cloud: TestCloud;
let here: TestTill;
let there: TestTill;

beforeAll(async () => {
  cloud = await openCloud(QUICK);
  here = await openTill(await aTillFolder(cloud), { ready: true });
  there = await openTill(await aTillFolder(cloud), { ready: true });
});
afterAll(async () => {
  await here?.stop();
  await there?.stop();
  await cloud?.close();
});

const sell = async (client: TillClient, cardNo: string | null) => {
  await client.call('addItem', { sku: 'T1001', qty: 2 });
  if (cardNo !== null) await client.call('enter', { text: cardNo });
  const { basket, payment } = client.view;
  await client.call('payCash', { basketId: basket.id, amountMinor: payment.dueMinor });
  return basket.totalMinor;
};

test('an empty store has a page', async () => {
  const client = await here.client();
  const page = await client.call('storePage', {});
  expect(page).toMatchObject({ buyers: 0, topShareBp: null, zReports: [] });
  expect(page.today).toMatchObject({ netMinor: 0, tickets: 0, hours: [], cashiers: [] });
});

test('own sales are in at once, those of the other till when HQ has told; then they count once', async () => {
  const [mine, theirs] = [await here.client(), await there.client()];
  const [member] = here.till.catalog.someMembers(1);
  const first = await sell(mine, member!.cardNo);
  const page = await mine.call('storePage', {});
  expect(page.today).toMatchObject({ netMinor: first, tickets: 1, pieces: 2, newMinor: first });
  expect(page.topMembers).toMatchObject([{ memberId: member!.id, visits: 1, netMinor: first }]);
  const second = await sell(theirs, null);
  await until(async () => (await mine.call('storePage', {})).today.tickets === 2, 'HQ has told the till');
  const both = await mine.call('storePage', {});
  expect(both.today).toMatchObject({
    netMinor: first + second,
    newMinor: first,
    noMemberMinor: second,
    returningMinor: 0,
  });
  await until(async () => {
    const { topMembers } = await theirs.call('storePage', {});
    return topMembers[0]?.netMinor === first;
  }, 'HQ has told the other till');
  expect((await mine.call('storePage', {})).topMembers).toMatchObject([{ visits: 1, netMinor: first }]);
  expect((await theirs.call('storePage', {})).today).toEqual(both.today);
});

test('a closed shift is in the list here at once and at the other till when HQ has told', async () => {
  const [mine, theirs] = [await here.client(), await there.client()];
  await mine.call('openShift', { floatMinor: 1_000 });
  const { shift } = mine.view;
  const total = await sell(mine, null);
  const report = await mine.call('closeShift', { shiftId: shift!.shiftId, counted: [] });
  const [z] = (await mine.call('storePage', {})).zReports;
  expect(z).toMatchObject({
    zNo: 1,
    totalMinor: total,
    differenceMinor: report.differenceMinor,
    tillCode: here.till.identity.tillCode,
  });
  await until(async () => (await theirs.call('storePage', {})).zReports.length === 1, 'HQ has told the till');
  expect((await theirs.call('storePage', {})).zReports).toEqual([z]);
});

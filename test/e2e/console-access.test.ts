/** HQ's console and who may use it: signing in with a second factor, a session that is lost in a form, roles, audit, privacy. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fromBase32, totpAt } from '../../cloud/access/totp.ts';
import { seriousFaults } from './axe.ts';
import { visit } from './console-pages.ts';
import { type ConsoleStage, openConsole } from './console-stage.ts';

let stage: ConsoleStage;
beforeAll(async () => {
  stage = await openConsole({ days: 8 });
}, 180_000);
afterAll(() => stage?.close());

/** Pages ask HQ, and the machine may be busy. */
const SOON = { timeout: 15_000 };
const PASSWORD = 'a sentence that nobody guesses';

async function signIn(page: Page, login: string, password = PASSWORD): Promise<void> {
  await page.getByTestId('sign-in-login').fill(login);
  await page.getByTestId('sign-in-password').fill(password);
  await page.getByTestId('sign-in').click();
}

async function aUser(login: string, role: string, stores: string[] | null = null): Promise<string> {
  const body = { login, name: `${login} ${role}`, role, stores, password: PASSWORD };
  const { user } = (await stage.cloud.client.post('/api/v1/users', body)) as { user: { id: string } };
  return user.id;
}

describe('signing in', () => {
  test('a wrong password is told; a temporary one is changed first; with a second factor the code is asked for', async () => {
    const added = (await stage.cloud.client.post('/api/v1/users', {
      login: 'mei',
      name: '梅',
      role: 'admin',
    })) as { password: string };
    const { page, errors } = await stage.open('/segments', { signedOut: true });
    await page.getByTestId('sign-in').waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    await signIn(page, 'mei', 'not this one');
    await expect
      .poll(() => page.getByTestId('sign-in-problem').innerText(), SOON)
      .toContain('User name or password is wrong');
    await signIn(page, 'mei', added.password);
    await page.getByTestId('password-old').fill(added.password);
    await page.getByTestId('password-password').fill(PASSWORD);
    await page.getByTestId('password-again').fill(PASSWORD);
    await page.getByTestId('password-change').click();
    // Where they wanted to go from the first.
    await page.getByTestId('rf-grid').waitFor();

    await page.getByTestId('me').click();
    await page.getByTestId('factor-password').fill(PASSWORD);
    await page.getByTestId('factor-start').click();
    const secret = fromBase32(await page.getByTestId('factor-secret').innerText())!;
    const codeIn = (steps: number) => totpAt(secret, Math.floor(stage.cloud.clock.nowMs() / 30_000) + steps);
    await page.getByTestId('factor-code').fill(codeIn(0));
    await page.getByTestId('factor-prove').click();
    await page.getByTestId('recovery-codes').waitFor();
    await page.getByTestId('sign-out').click();
    await signIn(page, 'mei');
    // A code is good once: the next step's, which a phone half a minute ahead would show.
    await page.getByTestId('sign-in-code').fill('000000');
    await page.getByTestId('sign-in').click();
    await expect.poll(() => page.getByTestId('sign-in-problem').innerText(), SOON).toContain('This code');
    await page.getByTestId('sign-in-code').fill(codeIn(1));
    await page.getByTestId('sign-in').click();
    await expect.poll(() => page.getByTestId('me').innerText(), SOON).toContain('梅');
    expect(refusalsAside(errors)).toEqual([]);
    await page.close();
  }, 60_000);

  test('a session that ends in a form: signing in again above it, and the form is sent as it was typed', async () => {
    const id = await aUser('hua', 'admin');
    const { page } = await stage.open('/settings', { signedOut: true });
    await signIn(page, 'hua');
    await page.getByTestId('user-login').fill('newcomer');
    await page.getByTestId('user-name').fill('很长很长的名字 Donaudampfschifffahrtsgesellschaftskapitän');
    await page.locator('.ant-select-multiple').click();
    await page.locator('.ant-select-item-option').first().click();
    await page.keyboard.press('Escape');
    await stage.cloud.db.query('delete from console_session where user_id = $1', [id]);
    await page.getByTestId('user-add').click();
    await page.getByTestId('sign-in-password').fill(PASSWORD);
    expect(await page.getByTestId('sign-in-login').inputValue()).toBe('hua');
    await page.getByTestId('sign-in').click();
    await page.getByTestId('secret-shown').waitFor();
    await expect.poll(() => page.locator('.ant-table-tbody').innerText(), SOON).toContain('newcomer');
    await page.close();
  }, 60_000);
});

describe('roles', () => {
  test('a store manager sees the own store alone; another store’s address says so and leads home', async () => {
    await aUser('lin', 'manager', ['S01']);
    const { page, errors } = await stage.open('/stores/S02', { signedOut: true, width: 390, height: 844 });
    await signIn(page, 'lin');
    await page.getByTestId('other-store').waitFor();
    expect(await page.getByTestId('other-store').innerText()).toContain('S02');
    await page.locator('.own-store').click();
    await expect.poll(() => new URL(page.url()).pathname, SOON).toBe('/stores/S01');
    await page.goto(`${stage.foreignUrl}/sales?storeId=S02`);
    await page.getByTestId('other-store').waitFor();
    await page.goto(`${stage.foreignUrl}/settings`);
    await page.getByTestId('no-right').waitFor();
    await page.goto(`${stage.foreignUrl}/`);
    await page.getByTestId('today-total').waitFor();
    const [own] = await stage.cloud.db.query<{ n: number }>(
      `select count(*)::int as n from sale where store_id = 'S01'`,
    );
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await page.goto(`${stage.foreignUrl}/analysis`);
    await page.locator('.menu-button').click();
    await page.getByTestId('nav-members').last().waitFor();
    expect(await page.getByTestId('nav-settings').count()).toBe(0);
    expect(own!.n).toBeGreaterThan(0);

    // Alerts on the own tills are read; that they were looked at is said by HQ, not by whom they are about.
    const tills = await stage.cloud.db.query<{ store: string; alert: string }>(
      `insert into till_alert (till_id, kind, detail, first_at, last_at)
       select till_id, 'clock', '{}', now(), now() from till where store_id in ('S01', 'S02') and channel is null
       returning (select store_id from till t where t.till_id = till_alert.till_id) as store, alert_id::text as alert`,
    );
    expect(new Set(tills.map(({ store }) => store))).toEqual(new Set(['S01', 'S02']));
    await page.setViewportSize({ width: 1_200, height: 800 });
    await page.goto(`${stage.foreignUrl}/fleet?tab=alerts`);
    await expect.poll(() => page.locator('.ant-table-tbody').first().innerText(), SOON).toContain('clock');
    const mine = tills.filter(({ store }) => store === 'S01').length;
    expect(await page.locator('.ant-table-row', { hasText: 'Its clock is wrong' }).count()).toBe(mine);
    expect(await page.locator('[data-testid^=close-]').count()).toBe(0);
    const closing = await page.evaluate(async (alertId) => {
      const headers = { 'content-type': 'application/json' };
      const body = JSON.stringify({ why: 'nothing to see' });
      return (await fetch(`/api/v1/till-alerts/${alertId}/close`, { method: 'POST', headers, body })).status;
    }, tills[0]!.alert);
    expect(closing).toBe(403);
    expect(refusalsAside(errors)).toEqual([]);
    await page.close();
  }, 60_000);
});

describe('each role of HQ, by what it sees and what HQ refuses it', () => {
  const roles = [
    {
      role: 'marketing',
      opens: { '/segments': 'rf-grid', '/prices': 'publish', '/loyalty?tab=coupons': 'tab-coupons' },
      closed: ['/tills', '/audit', '/settings?tab=users'],
      may: ['POST /api/v1/segments/count', 'GET /api/v1/offer-changes?area=loyalty'],
      mayNot: [
        'GET /api/v1/members/export',
        'POST /api/v1/members/m-0002/bundle',
        'POST /api/v1/tills/x/revoke',
        'PUT /api/v1/programme',
      ],
    },
    {
      role: 'finance',
      opens: {
        '/fleet?tab=shifts': 'export-shifts',
        '/analysis': 'analysis-total',
        '/loyalty': 'points-out',
      },
      closed: ['/members', '/segments', '/audit'],
      may: ['GET /api/v1/shifts', 'GET /api/v1/liability'],
      mayNot: ['GET /api/v1/members/m-0002', 'GET /api/v1/members/export', 'PUT /api/v1/rules'],
    },
    {
      role: 'service',
      opens: { '/members/m-0002': 'points-save', '/sales': 'export-receipts' },
      closed: ['/analysis', '/segments', '/settings?tab=users'],
      may: ['GET /api/v1/members/m-0002', 'GET /api/v1/tills'],
      mayNot: [
        'GET /api/v1/members/export',
        'POST /api/v1/members/m-0002/erase',
        'POST /api/v1/tills/x/revoke',
        'GET /api/v1/audit',
      ],
    },
    {
      role: 'auditor',
      opens: { '/audit': 'audit-proof', '/fleet?tab=alerts': 'export-till-alerts', '/prices': 'read-only' },
      closed: [],
      may: ['GET /api/v1/audit', 'GET /api/v1/members/m-0002'],
      mayNot: ['PUT /api/v1/tiers', 'POST /api/v1/till-alerts/1/close', 'POST /api/v1/members/m-0002/bundle'],
    },
  ] as const;
  test.each(roles)(
    '$role',
    async ({ role, opens, closed, may, mayNot }) => {
      await aUser(`one-${role}`, role);
      const { page, errors } = await stage.open('/account', { signedOut: true });
      await signIn(page, `one-${role}`);
      await page.getByTestId('sign-out').waitFor();
      for (const [href, testid] of Object.entries(opens)) {
        await visit(page, href, 'en');
        await page.getByTestId(testid).first().waitFor();
      }
      for (const href of closed) {
        await visit(page, href, 'en');
        await page.getByTestId('no-right').waitFor();
      }
      if (role === 'auditor') {
        expect(await page.getByTestId('publish').count()).toBe(0);
        expect(await page.getByTestId('rule-name').isDisabled()).toBe(true);
      }
      // Who sees no reports is led to the figures that the role does see.
      if (role === 'service') {
        await page.getByTestId('nav-analysis').click();
        await expect.poll(() => new URL(page.url()).pathname, SOON).toBe('/days');
      }
      const answers = (asked: readonly string[]) =>
        page.evaluate(
          (list) =>
            Promise.all(
              list.map(async (line) => {
                const [method, path] = line.split(' ') as [string, string];
                const body =
                  method === 'GET' ? {} : { body: '{}', headers: { 'content-type': 'application/json' } };
                return [line, (await fetch(path, { method, ...body })).status] as const;
              }),
            ),
          [...asked],
        );
      // Refused for its role alone: 400 and 422 are what is let in and badly asked.
      expect((await answers(may)).filter(([, status]) => status === 401 || status === 403)).toEqual([]);
      expect((await answers(mayNot)).filter(([, status]) => status !== 403)).toEqual([]);
      expect(refusalsAside(errors)).toEqual([]);
      await page.close();
    },
    60_000,
  );
});

describe('what was done at HQ', () => {
  test('the look is changed and undone; the audit log says who did it, before and after, and is whole', async () => {
    const { page, errors } = await stage.open('/settings?tab=branding');
    await page.getByTestId('brand-file').setInputFiles({
      name: 'mark.png',
      mimeType: 'image/png',
      buffer: Buffer.from('no picture at all'),
    });
    await page.getByTestId('brand-fault').waitFor();
    await page.getByTestId('brand-name').fill('茶屋');
    await page.getByTestId('brand-save').click();
    await expect.poll(() => page.locator('.side .brand').innerText(), SOON).toBe('茶屋');
    await page.getByTestId('undo').click();
    await expect.poll(() => page.locator('.side .brand').innerText(), SOON).toBe('Counterfoil');

    await page.getByTestId('nav-audit').click();
    const [count] = await stage.cloud.db.query<{ n: number }>('select count(*)::int as n from audit_entry');
    await expect
      .poll(async () => (await page.getByTestId('audit-proof').innerText()).trim(), SOON)
      .toBe(`The log is whole: ${String(count!.n).replace(/\B(?=(\d{3})+$)/g, ',')} entries walked`);
    const row = page.locator('.ant-table-row', { hasText: 'branding' }).first();
    expect(await row.innerText()).toContain('Owner');
    expect(await row.innerText()).toMatch(/Changed the look\s+PUT branding/);
    await row.click();
    await expect
      .poll(() => page.locator('.audit-deed').first().innerText(), SOON)
      .toMatch(/revision\s+1\s+2/);
    expect(await seriousFaults(page)).toEqual([]);
    expect(errors).toEqual([]);
    await page.close();
  }, 60_000);

  test('a privacy request: found by phone, all that is known as a file, what an erasure takes', async () => {
    const { page, errors } = await stage.open('/settings?tab=privacy');
    await page.locator('[data-testid=privacy-search] input').fill('13800001007');
    await page.keyboard.press('Enter');
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId('bundle').click()]);
    const bundle = JSON.parse(await text((await download.createReadStream())!)) as { profile: object };
    expect(bundle).toMatchObject({ memberId: 'm-0002', profile: { phones: ['13800001007'] } });
    await page.getByTestId('erase-preview').click();
    await page.getByTestId('erasure').waitFor();

    // A rule that forgets by itself: put in force only when it was seen whom it would forget, and taken back by undo.
    const { db } = stage.cloud;
    await db.query(
      `update member set updated_at = now() - interval '40 months' where member_id in ('m-0100', 'm-0101', 'm-0102')`,
    );
    await page.getByTestId('retention-id').fill('lapsed');
    await page.getByTestId('retention-months-new').fill('36');
    await page.getByTestId('retention-active-new').click();
    expect(await page.getByTestId('retention-save-new').isDisabled()).toBe(true);
    await page.getByTestId('retention-try-new').click();
    const [due] = await db.query<{ n: number }>(
      `select count(*)::int as n from member m left join member_purchase p using (member_id)
       where m.member_id in ('m-0100', 'm-0101', 'm-0102') and p.member_id is null`,
    );
    await expect
      .poll(() => page.getByTestId('retention-seen-new').innerText(), SOON)
      .toContain(`would forget ${due!.n} people`);
    await page.getByTestId('retention-save-new').click();
    await page.getByTestId('retention-lapsed').waitFor();
    const rule = async () =>
      (await db.query<{ data: object }>(`select data from retention_rule where rule_id = 'lapsed'`))[0]?.data;
    expect(await rule()).toEqual({ id: 'lapsed', afterMonths: 36, who: 'no_consent', active: true });
    await page.getByTestId('undo').click();
    await expect.poll(rule, SOON).toMatchObject({ active: false });
    expect(await seriousFaults(page)).toEqual([]);
    expect(errors).toEqual([]);
    await page.close();
  }, 60_000);

  test('a webhook is pinged, its log shows the try, and it is sent once more', async () => {
    const heard: string[] = [];
    const receiver: Server = createServer((request, response) => {
      request.resume().on('end', () => {
        heard.push(request.url!);
        response.end();
      });
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    const { port } = receiver.address() as AddressInfo;
    const made = (await stage.cloud.client.post('/api/v1/webhooks', {
      url: `http://127.0.0.1:${port}/in`,
      kinds: ['*'],
    })) as { id: string };
    const { page, errors } = await stage.open('/settings?tab=webhooks');
    await page.locator('.ant-table-row').first().waitFor();
    await page.getByRole('button', { name: 'Ping' }).click();
    await expect.poll(() => heard.length, SOON).toBe(1);
    await page.locator('.ant-table-row').first().click();
    const log = page.getByTestId(`log-${made.id}`);
    await expect
      .poll(async () => {
        const resend = log.locator('[data-testid^=resend-]');
        if ((await resend.count()) === 0)
          await page.reload().then(() => page.locator('.ant-table-row').first().click());
        return log.innerText().catch(() => '');
      }, SOON)
      .toMatch(/· 200 ·/);
    await log.locator('[data-testid^=resend-]').click();
    await expect.poll(() => heard.length, SOON).toBe(2);
    expect(errors).toEqual([]);
    await page.close();
    receiver.close();
  }, 60_000);
});

/** Chromium itself writes of each refused request; the page wrote nothing else. */
function refusalsAside(errors: readonly string[]): string[] {
  return errors.filter((line) => !line.startsWith('Failed to load resource'));
}

/**
 * Till page: what a cashier does at a till's page, by keyboard, as the tests say it.
 */
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

export interface TillPage {
  readonly page: Page;
  /** Number, Enter, PIN, Enter; nothing when somebody is signed on already. */
  signOn(staffId: string, pin: string): Promise<void>;
  /** Types codes as a keyboard scanner does. */
  enter(...codes: readonly string[]): Promise<void>;
  /** A member by phone, card or name. */
  member(query: string): Promise<void>;
  /** What is due, as the screen says it. */
  due(): Promise<string>;
  /** Waits until the screen shows a receipt other than the one before. @returns its number */
  receipt(): Promise<string>;
  /** Cash, exactly what is due. */
  payCash(): Promise<string>;
}

export function tillPage(page: Page): TillPage {
  let lastReceipt = '';
  const keys = page.keyboard;
  /** Fifteen to pay out and fifteen to pay are two things. */
  const words = async () =>
    `${await page.getByTestId('due-label').innerText()} ${await page.getByTestId('total-due').innerText()}`;
  const till: TillPage = {
    page,
    async signOn(staffId, pin) {
      await page.getByTestId('scan-input').or(page.getByTestId('staff-query')).first().waitFor();
      if (!(await page.getByTestId('sign-on').isVisible())) return;
      await page.getByTestId(`staff-${staffId}`).waitFor();
      await keys.type(staffId);
      await keys.press('Enter');
      await keys.type(pin);
      await keys.press('Enter');
      await page.getByTestId('scan-input').waitFor();
    },
    async enter(...codes) {
      for (const code of codes) {
        const before = await words();
        await page.getByTestId('scan-input').focus();
        await keys.type(code);
        await keys.press('Enter');
        await expect.poll(words, { timeout: 10_000 }).not.toBe(before);
      }
    },
    async member(query) {
      await keys.press('F4');
      await page.getByTestId('member-query').waitFor();
      await keys.type(query);
      await page.getByTestId('member-hit-0').waitFor();
      await keys.press('Enter');
      await page.getByTestId('member-dialog').waitFor({ state: 'hidden' });
    },
    due: () => page.getByTestId('total-due').innerText(),
    async receipt() {
      const read = async () =>
        (await page.getByTestId('receipt-no').isVisible())
          ? await page.getByTestId('receipt-no').innerText()
          : lastReceipt;
      await expect.poll(read, { timeout: 15_000 }).not.toBe(lastReceipt);
      lastReceipt = await read();
      return lastReceipt;
    },
    async payCash() {
      await keys.press('F8');
      await page.getByTestId('cash-amount').waitFor();
      await keys.press('Enter');
      return till.receipt();
    },
  };
  return till;
}

/** The virtual terminal and wallets: what they say and what their bank keeps, in every mood. */
import { describe, expect, test } from 'vitest';
import type { CardProof } from '../../src/core/tender.ts';
import { DeviceError } from '../../src/devices/ports.ts';
import type { BankRow } from '../../src/devices/virtual-payment.ts';
import { VirtualTerminal } from '../../src/devices/virtual-terminal.ts';
import { VirtualWallet } from '../../src/devices/virtual-wallet.ts';

const ask = { requestId: 'r1', amountMinor: 1_000, currency: 'CNY' };

describe('the terminal', () => {
  test('approves once an id: said twice it is one payment of 10.00', async () => {
    const terminal = new VirtualTerminal();
    const first = await terminal.pay(ask);
    expect(first).toMatchObject({ kind: 'approved', proof: { token: 'vt-r1' } });
    expect(await terminal.pay(ask)).toEqual(first);
    expect(await terminal.lookup('r1')).toEqual(first);
    expect([terminal.takenMinor(), terminal.rows().length]).toEqual([1_000, 1]);
  });

  test('declined, unreachable and unanswered are three things', async () => {
    const terminal = new VirtualTerminal();
    terminal.mode = 'decline';
    expect(await terminal.pay(ask)).toEqual({ kind: 'declined', reason: 'declined' });
    terminal.mode = 'unreachable';
    await expect(terminal.pay({ ...ask, requestId: 'r2' })).rejects.toMatchObject({ kind: 'refused' });
    terminal.mode = 'no_answer';
    await expect(terminal.pay({ ...ask, requestId: 'r3' })).rejects.toBeInstanceOf(DeviceError);
    terminal.mode = 'approve';
    expect(await terminal.lookup('r2')).toEqual({ kind: 'never_asked' });
    expect(await terminal.lookup('r3')).toMatchObject({ kind: 'approved' });
  });

  test('a reverse takes it back once, ends what is not finished, and makes what comes late too late', async () => {
    const terminal = new VirtualTerminal({ slowMs: 5_000 });
    await terminal.pay(ask);
    expect([await terminal.reverse('r1'), await terminal.reverse('r1'), terminal.takenMinor()]).toEqual([
      true,
      true,
      0,
    ]);
    expect(await terminal.lookup('r1')).toEqual({ kind: 'reversed' });
    terminal.mode = 'slow';
    const open = terminal.pay({ ...ask, requestId: 'r2' });
    expect(await terminal.lookup('r2')).toEqual({ kind: 'working' });
    await terminal.reverse('r2');
    expect(await open).toMatchObject({ kind: 'declined' });
    await terminal.reverse('r3');
    expect(await terminal.pay({ ...ask, requestId: 'r3' })).toMatchObject({ kind: 'declined' });
    expect(terminal.takenMinor()).toBe(0);
  });

  test('its bank remembers over a restart; a customer who stood there then does not', async () => {
    let books: readonly BankRow<CardProof>[] = [];
    const save = (rows: typeof books) => {
      books = rows;
    };
    const given = { load: () => books, save, slowMs: 60_000 };
    const before = new VirtualTerminal(given);
    await before.pay(ask);
    before.mode = 'slow';
    void before.pay({ ...ask, requestId: 'r2' });
    const after = new VirtualTerminal(given);
    expect(await after.lookup('r1')).toMatchObject({ kind: 'approved' });
    expect(await after.lookup('r2')).toEqual({ kind: 'declined', reason: 'timeout' });
    await before.cancel('r2');
  });

  test('a refund is given once an id', async () => {
    const terminal = new VirtualTerminal();
    const paid = await terminal.pay(ask);
    if (paid.kind !== 'approved') throw new Error('approved');
    const back = { requestId: 'b1', amountMinor: 400, currency: 'CNY', of: paid.proof };
    await terminal.refund(back);
    await terminal.refund(back);
    expect(terminal.takenMinor()).toBe(600);
  });
});

describe('the wallets', () => {
  test('a pay code is good once, for its own wallet, and is not on the books', async () => {
    const wallets = new VirtualWallet();
    const code = '134567890123456789';
    const pay = (requestId: string, wallet: 'wechat' | 'alipay') =>
      wallets.pay({ ...ask, requestId, wallet, code });
    expect(await pay('a', 'alipay')).toEqual({ kind: 'declined', reason: 'declined' });
    expect(await pay('b', 'wechat')).toMatchObject({
      kind: 'approved',
      proof: { wallet: 'wechat', ref: 'vw-b' },
    });
    expect(await pay('c', 'wechat')).toEqual({ kind: 'declined', reason: 'expired_code' });
    expect(JSON.stringify(wallets.rows())).not.toContain(code);
  });
});

/**
 * `counterfoil price FILE.json`: prices a basket from a file with the kernel that tills and HQ use.
 *
 * The format is at the head of `src/core/price-file.ts`; `test/fixtures/price/example.json` is an example.
 */
import { readFileSync } from 'node:fs';
import { formatMinor } from '../core/money.ts';
import type { NearMiss } from '../core/near-miss.ts';
import { type PricedFile, priceFile } from '../core/price-file.ts';
import type { CouponAnswer } from '../core/promotion-coupon.ts';
import { reasonText } from '../core/reason.ts';
import { formatRate } from '../core/receipt.ts';

/** @throws Error in words: the file is not there, is no JSON, or is wrong at a path */
export function priceFromFile(file: string, asJson: boolean): string {
  const result = priceFile(readJson(file));
  if (!result.ok) {
    const lines = result.error.map(({ path, kind, expected }) => `  ${path}: expected ${expected} (${kind})`);
    throw new Error(`${file} cannot be priced:\n${lines.join('\n')}`);
  }
  return asJson ? JSON.stringify(result.value.priced) : priceWords(result.value);
}

function readJson(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Error(`${file} cannot be read: ${(cause as Error).message}`, { cause });
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`${file} is no JSON: ${(cause as Error).message}`, { cause });
  }
}

function priceWords({ priced, currency, locale }: PricedFile): string {
  const money = (amountMinor: number) => formatMinor(amountMinor, currency.digits);
  const row = (left: string, right: string) => `${left.padEnd(56)} ${right.padStart(12)}`;
  const out: string[] = [];
  for (const line of priced.lines) {
    const quantity = line.weightG === null ? `${line.qty} x` : `${formatMinor(line.weightG, 3)} kg x`;
    out.push(row(`${line.name}  ${quantity} ${money(line.unitPriceMinor)}`, money(line.grossMinor)));
    for (const { ruleId, reason, amountMinor } of line.adjustments) {
      out.push(row(`  ${reasonText(reason, locale, currency.digits)} [${ruleId}]`, money(amountMinor)));
    }
  }
  out.push(row('list', money(priced.grossMinor)), row('discounts', money(priced.adjustmentMinor)));
  for (const { taxCode, rateBp, taxMinor } of priced.taxes) {
    out.push(
      row(
        `tax ${taxCode} ${formatRate(rateBp)} ${priced.taxMode === 'inclusive' ? 'included' : 'added'}`,
        money(taxMinor),
      ),
    );
  }
  out.push(row('total', `${currency.symbol}${money(priced.totalMinor)}`));
  out.push(...priced.coupons.map((answer) => `coupon ${couponWords(answer, money)}`));
  out.push(...priced.manual.map((answer) => `by hand, line ${answer.lineNo ?? 'all'}: ${answer.kind}`));
  out.push(...priced.nearMisses.map((miss) => `near: ${nearWords(miss, money)} [${miss.ruleId}]`));
  return out.join('\n');
}

function couponWords(answer: CouponAnswer, money: (amountMinor: number) => string): string {
  if (answer.kind === 'applied') return `${answer.code}: ${money(answer.offMinor)} off`;
  if (answer.kind !== 'below_minimum') return `${answer.code}: ${answer.kind}`;
  const short =
    answer.missingMinor === undefined ? `${answer.missingQty} pieces` : money(answer.missingMinor);
  return `${answer.code}: below_minimum, ${short} short`;
}

function nearWords(miss: NearMiss, money: (amountMinor: number) => string): string {
  if (miss.kind === 'gift') return `${miss.name}: ${miss.missingQty} of ${miss.sku} may be taken along`;
  const more = miss.kind === 'amount' ? money(miss.missingMinor) : `${miss.missingQty} more`;
  return `${miss.name}: ${miss.kind === 'amount' ? `${more} more` : more} gives ${money(miss.gainMinor)}`;
}

/**
 * What HQ finds for the palette. Each kind is asked for by itself: one that fails, or that the asker may not see, is left out.
 */
import type { z } from 'zod';
import type { ItemList } from '../../catalog-schemas.ts';
import type { SearchAnswer } from '../../member-schemas.ts';
import type { SaleList } from '../../schemas.ts';
import { getJson, send } from '../api/client.ts';
import { salesPath, search } from '../api/paths.ts';
import { questionOf } from '../pages/members/member-search.ts';
import type { IconName } from '../parts/icons.tsx';
import { hrefOf } from './routes.ts';

export interface Hit {
  readonly href: string;
  readonly title: string;
  readonly note: string;
  readonly icon: IconName;
}

const EACH = 5;

export async function searchHq(q: string): Promise<Hit[]> {
  const kinds = [receipts(q), members(q), items(q)];
  return (await Promise.all(kinds.map((kind) => kind.catch(() => [])))).flat();
}

async function receipts(q: string): Promise<Hit[]> {
  // A receipt is asked for by its whole number; nothing else looks like one.
  if (!/^[A-Za-z0-9]{1,12}-\d+$/.test(q)) return [];
  const { sales } = await getJson<SaleList>(salesPath({ receiptNo: q.toUpperCase(), limit: EACH }));
  return sales.map(({ id, receiptNo, businessDate }) => ({
    href: hrefOf({ page: 'sale', saleId: id }),
    title: receiptNo,
    note: businessDate,
    icon: 'receipt',
  }));
}

async function members(q: string): Promise<Hit[]> {
  const question = questionOf(q);
  if (question === null) return [];
  const { members: found } = await send<z.infer<typeof SearchAnswer>>('POST', '/api/v1/members/search', {
    ...question,
    limit: EACH,
  });
  return found.map(({ id, profile }) => ({
    href: hrefOf({ page: 'member', id }),
    title: profile.name,
    note: `…${(profile.phones[0] ?? profile.cards[0] ?? '').slice(-4)}`,
    icon: 'member',
  }));
}

async function items(q: string): Promise<Hit[]> {
  const { items: found } = await getJson<ItemList>(`/api/v1/items${search({ q, limit: EACH })}`);
  return found.map(({ sku, name }) => ({
    href: hrefOf({ page: 'analysis', sku, by: 'store' }),
    title: name,
    note: sku,
    icon: 'box',
  }));
}

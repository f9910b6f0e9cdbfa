/** A basket beside the editor, priced by the kernel of the tills, in the browser, with every reason. */
import { Button, Input, InputNumber, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { addLine, openBasket } from '../../../../../src/core/basket.ts';
import type { Item } from '../../../../../src/core/item.ts';
import { type PricedBasket, priceBasket } from '../../../../../src/core/pricing.ts';
import type { RuleSet } from '../../../../../src/core/promotion.ts';
import { compileRules } from '../../../../../src/core/promotion-index.ts';
import { reasonText } from '../../../../../src/core/reason.ts';
import { localTime } from '../../../../../src/core/shift.ts';
import type { TierList } from '../../../catalog-schemas.ts';
import type { Store } from '../../api/types.ts';
import { useQuery } from '../../api/use-query.ts';
import { formatMoney } from '../../format/money.ts';
import { useLocale } from '../../i18n/i18n.ts';
import { Card } from '../../parts/card.tsx';
import { Icon } from '../../parts/icons.tsx';
import { useStores } from '../../parts/stores.ts';
import { useNow } from '../../parts/use-now.ts';
import { itemName, useItems } from './item-picker.tsx';

interface Wanted {
  readonly item: Item;
  /** Pieces; grams of what is sold by weight. */
  readonly amount: number;
}

export function TestBasket({ set }: { readonly set: RuleSet }) {
  const { t } = useTranslation();
  const store = useStores().data?.stores[0];
  return (
    <Card title={t('price.test')} className="test-basket">
      <p className="muted table-note">{t('price.testHelp')}</p>
      {store !== undefined && <Basket set={set} store={store} />}
    </Card>
  );
}

function Basket({ set, store }: { readonly set: RuleSet; readonly store: Store }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const [wanted, setWanted] = useState<readonly Wanted[]>([]);
  const [tierId, setTierId] = useState('');
  const [code, setCode] = useState('');
  const nowMs = useNow(60_000);
  const tiers = useQuery<TierList>('/api/v1/tiers').data?.tiers ?? [];
  const priced = pricedOf(set, store, {
    wanted,
    tier: tiers.find(({ id }) => id === tierId) ?? null,
    code: code.trim(),
    nowMs,
    locale,
  });
  const change = (sku: string, amount: number | null) =>
    setWanted(
      wanted.flatMap((one) => (one.item.sku !== sku ? [one] : amount === null ? [] : [{ ...one, amount }])),
    );
  return (
    <div className="stack">
      <div className="form-row">
        <AddItem
          onAdd={(item) => {
            if (wanted.some((one) => one.item.sku === item.sku)) return;
            setWanted([...wanted, { item, amount: item.unit === 'kg' ? 500 : 1 }]);
          }}
        />
        <Select
          value={tierId}
          aria-label={t('price.testTier')}
          popupMatchSelectWidth={false}
          options={[
            { value: '', label: t('price.noMember') },
            ...tiers.map((tier) => ({ value: tier.id, label: itemName(tier, locale) })),
          ]}
          onChange={setTierId}
        />
        <Input
          style={{ width: 144 }}
          value={code}
          placeholder={t('price.testCoupon')}
          aria-label={t('price.testCoupon')}
          onChange={(event) => setCode(event.target.value)}
        />
      </div>
      {wanted.length === 0 ? (
        <p className="muted">{t('price.emptyBasket')}</p>
      ) : (
        priced !== null && <Priced priced={priced} store={store} wanted={wanted} onChange={change} />
      )}
    </div>
  );
}

function AddItem({ onAdd }: { readonly onAdd: (item: Item) => void }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const [q, setQ] = useState('');
  const items = (useItems(q).data?.items ?? []).filter(({ priceMinor }) => priceMinor !== null);
  return (
    <Select<string>
      style={{ flex: 1, minWidth: 168 }}
      value={null}
      placeholder={t('price.addItem')}
      aria-label={t('price.addItem')}
      data-testid="test-add"
      showSearch={{ filterOption: false, onSearch: setQ }}
      options={items.map((item) => ({ value: item.sku, label: `${itemName(item, locale)} · ${item.sku}` }))}
      onChange={(sku) => {
        const item = items.find((one) => one.sku === sku);
        if (item !== undefined) onAdd(item as Item);
        setQ('');
      }}
    />
  );
}

interface PricedProps {
  readonly priced: PricedBasket;
  readonly store: Store;
  readonly wanted: readonly Wanted[];
  readonly onChange: (sku: string, amount: number | null) => void;
}

function Priced({ priced, store, wanted, onChange }: PricedProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { currency } = store;
  const money = (minor: number) => formatMoney(minor, currency);
  return (
    <>
      <ul className="priced">
        {priced.lines.map((line) => {
          const mine = wanted.find(({ item }) => item.sku === line.sku)!;
          return (
            <li key={line.lineNo}>
              <div className="priced-line">
                <span className="priced-name">{line.name}</span>
                <InputNumber<number>
                  size="small"
                  min={1}
                  max={99_999}
                  precision={0}
                  value={mine.amount}
                  suffix={mine.item.unit === 'kg' ? 'g' : '×'}
                  aria-label={line.name}
                  onChange={(amount) => amount !== null && onChange(line.sku, amount)}
                />
                <span className="num right priced-money">
                  <b>{money(line.netMinor)}</b>
                  {line.netMinor !== line.grossMinor && <s className="muted">{money(line.grossMinor)}</s>}
                </span>
                <Button
                  type="text"
                  size="small"
                  aria-label={t('shell.remove')}
                  icon={<Icon name="close" />}
                  onClick={() => onChange(line.sku, null)}
                />
              </div>
              {line.adjustments.map((adjustment) => (
                <div key={`${adjustment.ruleId} ${adjustment.reason.kind}`} className="saved num">
                  {reasonText(adjustment.reason, locale, currency.digits)} {money(adjustment.amountMinor)}
                </div>
              ))}
            </li>
          );
        })}
      </ul>
      <dl className="priced-sums">
        <div>
          <dt>{t('price.listPrice')}</dt>
          <dd className="num">{money(priced.grossMinor)}</dd>
        </div>
        <div>
          <dt>{t('price.saved')}</dt>
          <dd className="num saved">{money(priced.adjustmentMinor)}</dd>
        </div>
        <div className="priced-total">
          <dt>{t('price.toPay')}</dt>
          <dd className="num" data-testid="test-total">
            {money(priced.totalMinor)}
          </dd>
        </div>
      </dl>
      {priced.coupons
        .filter((answer) => 'refused' in answer || (answer as { status?: string }).status === 'refused')
        .map((answer) => (
          <p key={answer.code} className="warn-text">
            {t('price.couponRefused')}: {answer.code}
          </p>
        ))}
      {priced.nearMisses.length > 0 && (
        <div>
          <p className="muted">{t('price.nearMiss')}</p>
          <ul>
            {priced.nearMisses.slice(0, 3).map((miss) => (
              <li key={miss.ruleId} className="num">
                {miss.name}: {money(miss.gainMinor)}
              </li>
            ))}
          </ul>
        </div>
      )}
    </>
  );
}

interface Asked {
  readonly wanted: readonly Wanted[];
  readonly tier: TierList['tiers'][number] | null;
  readonly code: string;
  readonly nowMs: number;
  readonly locale: 'zh-CN' | 'zh-TW' | 'en';
}

/** Null: a rule of the draft is not one that can be worked; the editor says which. */
function pricedOf(
  set: RuleSet,
  store: Store,
  { wanted, tier, code, nowMs, locale }: Asked,
): PricedBasket | null {
  let basket = openBasket('00000000-0000-7000-8000-000000000000', nowMs);
  for (const { item, amount } of wanted) {
    const weighed = item.unit === 'kg';
    const added = addLine(
      basket,
      {
        item,
        name: itemName(item, locale),
        gtin: null,
        qty: weighed ? 1 : amount,
        ...(weighed ? { weightG: amount } : {}),
      },
      { merge: false },
    );
    if (!added.ok) return null;
    basket = added.value.basket;
  }
  if (wanted.length === 0) return null;
  try {
    return priceBasket(
      { ...basket, memberId: tier === null ? null : 'preview' },
      { version: set.version, tax: store.tax, promotions: compileRules(set) },
      {
        at: localTime(nowMs, store.timeZone),
        storeId: store.id,
        locale,
        member: tier === null ? null : { tier: tier as never, tags: [], segments: [] },
        coupons: code === '' ? [] : [{ code }],
        usesLeft: {},
        manual: [],
      },
    );
  } catch {
    return null;
  }
}

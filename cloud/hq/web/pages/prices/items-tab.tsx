/** Items: found by name or code, changed one by one, or brought in by the thousand. */
import { Button, Drawer, Input, Modal, Select } from 'antd';
import { type ChangeEvent, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { GroupList, ItemList } from '../../../catalog-schemas.ts';
import { madeFrom } from '../../api/client.ts';
import { search } from '../../api/paths.ts';
import { refreshWatched } from '../../api/query-cache.ts';
import { useQuery } from '../../api/use-query.ts';
import { useSend } from '../../api/use-send.ts';
import { formatMoney } from '../../format/money.ts';
import { useLocale } from '../../i18n/i18n.ts';
import { Answered } from '../../parts/answered.tsx';
import { Card } from '../../parts/card.tsx';
import { type Column, DataTable, ExportButton } from '../../parts/data-table.tsx';
import { Field } from '../../parts/field.tsx';
import { Icon } from '../../parts/icons.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Problem } from '../../parts/problem.tsx';
import { useStores } from '../../parts/stores.ts';
import { Changeable } from '../../shell/guard.tsx';
import { go } from '../../shell/router.tsx';
import { type ItemDraft, isGtin, NEW_ITEM } from './item-draft.ts';
import { readItems } from './item-import.ts';
import { itemName } from './item-picker.tsx';
import type { PricesRoute } from './prices-page.tsx';
import { MoneyField } from './rule-fields.tsx';

const ITEMS = '/api/v1/items';
const itemPath = (sku: string): string => `${ITEMS}/${encodeURIComponent(sku)}`;
const PIECE = 2_000;
const askAgain = () => refreshWatched((path) => path.startsWith(ITEMS));

export function ItemsTab({ route }: { readonly route: PricesRoute }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { q = '', category = '' } = route;
  const items = useQuery<ItemList>(`${ITEMS}${search({ q, category, limit: 500 })}`);
  const groups = useQuery<GroupList>(`${ITEMS}/groups`).data;
  const currency = useStores().data?.stores[0]?.currency;
  const [open, setOpen] = useState<ItemDraft | null>(null);
  const [importing, setImporting] = useState(false);
  const show = (change: { q?: string; category?: string }) => {
    const said = Object.entries({ q, category, ...change }).filter(([, value]) => value !== '');
    go({ page: 'prices', tab: 'items', ...Object.fromEntries(said) });
  };
  const columns: Column<ItemDraft>[] = [
    {
      key: 'sku',
      title: t('price.sku'),
      from: 'sm',
      value: ({ sku }) => sku,
      show: ({ sku }) => <span className="num">{sku}</span>,
    },
    {
      key: 'name',
      title: t('price.item'),
      value: (item) => itemName(item, locale),
      show: (item) => (
        <button type="button" className="link-button" onClick={() => setOpen(item)}>
          {itemName(item, locale)}
        </button>
      ),
    },
    { key: 'category', title: t('price.category'), from: 'md', value: (item) => item.category ?? '' },
    { key: 'brand', title: t('price.brand'), from: 'lg', value: ({ brand = '' }) => brand },
    {
      key: 'price',
      title: t('price.price'),
      number: true,
      value: ({ priceMinor }) => priceMinor,
      exported: ({ priceMinor }) => (priceMinor === null ? null : priceMinor / 10 ** (currency?.digits ?? 2)),
      show: ({ priceMinor, unit }) =>
        priceMinor === null || currency === undefined ? (
          <span className="muted">{t('price.openPrice')}</span>
        ) : (
          <b>
            {formatMoney(priceMinor, currency)}
            {unit === 'kg' ? ' / kg' : ''}
          </b>
        ),
    },
    { key: 'tax', title: t('price.taxCode'), from: 'lg', value: ({ taxCode }) => taxCode },
    {
      key: 'gtin',
      title: t('price.gtins'),
      from: 'md',
      value: ({ gtins }) => gtins.map((gtin) => gtin.replace(/^0(?=\d{13}$)/, '')).join(' '),
    },
  ];
  return (
    <>
      <div className="form-row">
        <Input.Search
          style={{ width: 256 }}
          defaultValue={q}
          allowClear
          placeholder={t('price.searchItems')}
          aria-label={t('price.searchItems')}
          onSearch={(typed) => show({ q: typed.trim() })}
        />
        <Select
          style={{ minWidth: 144 }}
          value={category}
          aria-label={t('price.category')}
          options={[
            { value: '', label: t('shell.all') },
            ...(groups?.categories ?? []).map(({ key, items: count }) => ({
              value: key,
              label: `${key} (${count})`,
            })),
          ]}
          onChange={(key) => show({ category: key })}
        />
        <Changeable right="catalog.write" hidden>
          <Button icon={<Icon name="plus" />} onClick={() => setOpen(NEW_ITEM)}>
            {t('shell.add')}
          </Button>
          <Button onClick={() => setImporting(true)} data-testid="import-items">
            {t('price.import')}
          </Button>
        </Changeable>
      </div>
      <Card
        title={t('price.itemCount', { count: items.data?.total ?? 0 })}
        extra={<ExportButton name="items" rows={items.data?.items ?? []} columns={columns} />}
        className="card-table"
      >
        <Answered query={items} rows={12}>
          {({ items: rows }) => (
            <DataTable
              name="items"
              rows={rows}
              columns={columns}
              rowKey={({ sku }) => sku}
              empty={<Notice icon="box" title={t('price.noItems')} help={t('price.noItemsHelp')} />}
            />
          )}
        </Answered>
      </Card>
      {open?.sku === '' && <ItemDrawer item={open} read={null} onClose={() => setOpen(null)} />}
      {open !== null && open.sku !== '' && (
        <KnownItem key={open.sku} sku={open.sku} onClose={() => setOpen(null)} />
      )}
      {importing && <ImportDialog onClose={() => setImporting(false)} />}
    </>
  );
}

/** An item as it stands now: what is changed is made from that. */
function KnownItem({ sku, onClose }: { readonly sku: string; readonly onClose: () => void }) {
  const item = useQuery<ItemDraft>(itemPath(sku));
  // The drawer opens with the item in it, a moment later.
  if (item.data === null && item.error === null) return null;
  return (
    <Answered query={item} rows={6}>
      {(known) => <ItemDrawer key={JSON.stringify(known)} item={known} read={known} onClose={onClose} />}
    </Answered>
  );
}

interface ItemDrawerProps {
  readonly item: ItemDraft;
  /** What HQ showed; null: it is a new one. */
  readonly read: object | null;
  readonly onClose: () => void;
}

function ItemDrawer({ item, read, onClose }: ItemDrawerProps) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState(item);
  const { busy, error, send } = useSend();
  const set = (change: Partial<ItemDraft>) => setDraft({ ...draft, ...change });
  const save = async () => {
    if ((await send('PUT', itemPath(draft.sku), draft, madeFrom(read))) === null) return;
    askAgain();
    onClose();
  };
  const text = (key: 'name' | 'category' | 'brand' | 'taxCode', label: string) => (
    <Field label={label}>
      <Input
        aria-label={label}
        value={draft[key] ?? ''}
        onChange={(event) => set({ [key]: event.target.value })}
      />
    </Field>
  );
  return (
    <Drawer open size={420} onClose={onClose} title={item.sku === '' ? t('shell.add') : item.sku}>
      <div className="stack">
        {item.sku === '' && (
          <Field label={t('price.sku')}>
            <Input
              aria-label={t('price.sku')}
              value={draft.sku}
              onChange={(event) => set({ sku: event.target.value })}
            />
          </Field>
        )}
        {text('name', t('price.name'))}
        {(['zh-TW', 'en'] as const).map((locale) => (
          <Field key={locale} label={t(locale === 'en' ? 'price.nameEn' : 'price.nameTw')}>
            <Input
              aria-label={t(locale === 'en' ? 'price.nameEn' : 'price.nameTw')}
              value={draft.names?.[locale] ?? ''}
              onChange={(event) => set({ names: { ...draft.names, [locale]: event.target.value } })}
            />
          </Field>
        ))}
        <div className="form-row">
          <MoneyField
            label={t('price.price')}
            value={draft.priceMinor ?? undefined}
            onChange={(minor) => set({ priceMinor: minor ?? null })}
          />
          <Field label={t('price.unit')}>
            <Select
              value={draft.unit}
              aria-label={t('price.unit')}
              options={(['each', 'kg'] as const).map((unit) => ({ value: unit, label: t(`price.${unit}`) }))}
              onChange={(unit) => set({ unit })}
            />
          </Field>
          {text('taxCode', t('price.taxCode'))}
        </div>
        {text('category', t('price.category'))}
        {text('brand', t('price.brand'))}
        <Field label={t('price.gtins')}>
          <Select<string[]>
            mode="tags"
            aria-label={t('price.gtins')}
            status={draft.gtins.every(isGtin) ? '' : 'error'}
            value={[...draft.gtins]}
            onChange={(gtins) => set({ gtins })}
          />
        </Field>
        <Problem error={error} />
        <Button type="primary" loading={busy} onClick={() => void save()}>
          {t('shell.save')}
        </Button>
      </div>
    </Drawer>
  );
}

/** First the check, then the writing: nothing is stored before somebody has seen what is wrong. */
function ImportDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [stored, setStored] = useState(0);
  const { busy, error, send } = useSend();
  const check = useMemo(() => (text.trim() === '' ? null : readItems(text)), [text]);
  const choose = async (event: ChangeEvent<HTMLInputElement>) => {
    const file = event.target.files?.[0];
    if (file !== undefined) setText(await file.text());
  };
  const store = async () => {
    let done = stored;
    while (check !== null && done < check.items.length) {
      const piece = check.items.slice(done, done + PIECE);
      // What was stored stays; after a fault it goes on from there.
      if ((await send('PUT', ITEMS, { items: piece })) === null) return;
      done += piece.length;
      setStored(done);
    }
    askAgain();
  };
  const finished = check !== null && stored > 0 && stored === check.items.length;
  return (
    <Modal
      open
      width={720}
      title={t('price.importTitle')}
      okText={t('price.importDo', { count: check?.items.length ?? 0 })}
      cancelText={t('shell.close')}
      okButtonProps={{ disabled: check === null || check.items.length === 0 || finished, loading: busy }}
      onOk={() => void store()}
      onCancel={onClose}
    >
      <div className="stack">
        <p className="muted">{t('price.importHelp')}</p>
        <input
          type="file"
          accept=".csv,.tsv,.txt"
          aria-label={t('price.chooseFile')}
          onChange={(e) => void choose(e)}
        />
        <Input.TextArea
          rows={8}
          value={text}
          aria-label={t('price.importTitle')}
          data-testid="import-text"
          onChange={(event) => {
            setText(event.target.value);
            setStored(0);
          }}
        />
        {check !== null && (
          <p className="note-box" data-testid="import-check">
            {t('price.importCheck', { rows: check.rows, good: check.items.length, bad: check.faults.length })}
          </p>
        )}
        {check !== null && check.faults.length > 0 && (
          <ul className="faults">
            {check.faults.slice(0, 20).map(({ line, what }) => (
              <li key={line}>
                <b>{t('price.line', { n: line })}</b> {what}
              </li>
            ))}
          </ul>
        )}
        {finished && (
          <p className="saved" role="status" data-testid="import-done">
            {t('price.importDone', { count: stored })}
          </p>
        )}
        <Problem error={error} />
      </div>
    </Modal>
  );
}

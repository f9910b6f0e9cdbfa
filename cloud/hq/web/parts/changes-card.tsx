/** Who changed what of the offers, when, under which version, and what was other before. */
import { useTranslation } from 'react-i18next';
import type { OfferChange, OfferChangeList } from '../../change-schemas.ts';
import { useQuery } from '../api/use-query.ts';
import { dateTime } from '../format/date.ts';
import { CHANGE_WORDS } from '../i18n/words/changes.ts';
import { Answered } from './answered.tsx';
import { Card } from './card.tsx';
import { type Column, DataTable, ExportButton } from './data-table.tsx';
import { Differences } from './differences.tsx';
import { Notice } from './notice.tsx';

export const CHANGES = '/api/v1/offer-changes';
export const changesPath = (area: 'loyalty' | 'prices') => `${CHANGES}?area=${area}&limit=200`;

export function ChangesCard({ area }: { readonly area: 'loyalty' | 'prices' }) {
  const { t } = useTranslation();
  const list = useQuery<OfferChangeList>(changesPath(area));
  const columns = useColumns();
  return (
    <Card
      title={t('changes.title')}
      extra={<ExportButton name="changes" rows={list.data?.changes ?? []} columns={columns} />}
      className="card-table"
    >
      <Answered query={list} rows={6}>
        {({ changes }) => (
          <DataTable
            name="changes"
            rows={changes}
            columns={columns}
            rowKey={({ seq }) => String(seq)}
            pageRows={25}
            expanded={({ before, after, sent }) => <Differences before={before} after={after} sent={sent} />}
            empty={<Notice icon="audit" title={t('audit.empty')} help={t('audit.emptyHelp')} />}
          />
        )}
      </Answered>
    </Card>
  );
}

function useColumns(): Column<OfferChange>[] {
  const { t } = useTranslation();
  const what = (route: string) => {
    const word = wordOf(route);
    return word === null ? route : t(`changes.${word}`);
  };
  return [
    {
      key: 'at',
      title: t('audit.when'),
      value: ({ atMs }) => atMs,
      exported: ({ atMs }) => new Date(atMs).toISOString(),
      show: ({ atMs }) => <span className="num">{dateTime(atMs, undefined)}</span>,
    },
    { key: 'what', title: t('audit.what'), value: ({ route }) => what(route) },
    {
      key: 'who',
      title: t('audit.who'),
      value: ({ by }) => (by.kind === 'owner' ? t('access.owner') : by.name),
    },
    {
      key: 'version',
      title: t('price.version'),
      value: ({ version, thing }) => version ?? thing ?? '—',
      show: ({ version, thing }) => <span className="num">{version ?? thing ?? '—'}</span>,
    },
  ];
}

type ChangeWord = Exclude<keyof typeof CHANGE_WORDS, 'title'>;

/** `PUT /api/v1/items/:sku` is `put_items_sku`; null: a route without a word of its own. */
function wordOf(route: string): ChangeWord | null {
  const word = route
    .replace('/api/v1/', '')
    .replaceAll(/\W+/g, '_')
    .replace(/^[A-Z]+/, (verb) => verb.toLowerCase());
  return Object.hasOwn(CHANGE_WORDS, word) ? (word as ChangeWord) : null;
}

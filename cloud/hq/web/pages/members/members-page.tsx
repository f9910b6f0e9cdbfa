/** Members: found by phone, card, mail or name; beside it pairs that may be one person. */
import { Button, Input, Segmented } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { DuplicateList, MemberShown, SearchAnswer } from '../../../member-schemas.ts';
import type { GridAnswer } from '../../../report-schemas.ts';
import { ApiError, send as sendNow } from '../../api/client.ts';
import { refresh } from '../../api/query-cache.ts';
import { useMay } from '../../api/session.ts';
import { useQuery } from '../../api/use-query.ts';
import { useSend } from '../../api/use-send.ts';
import { useLocale } from '../../i18n/i18n.ts';
import { Answered } from '../../parts/answered.tsx';
import { Card } from '../../parts/card.tsx';
import { type Column, DataTable, ExportButton } from '../../parts/data-table.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Problem } from '../../parts/problem.tsx';
import { storeName, useStoreIndex, useStores } from '../../parts/stores.ts';
import { Page } from '../../shell/page.tsx';
import { go, Link } from '../../shell/router.tsx';
import type { Route } from '../../shell/routes.ts';
import { GridFigures } from '../segments/grid-card.tsx';
import { ImportTab } from './import-tab.tsx';
import { questionOf } from './member-search.ts';
import { useTierName } from './tier-name.ts';

type Member = z.infer<typeof MemberShown>;

const DUPLICATES = '/api/v1/member-duplicates?limit=20';

export function MembersPage({ route }: { readonly route: Extract<Route, { page: 'members' }> }) {
  const { t } = useTranslation();
  const q = route.q ?? '';
  const importing = route.tab === 'import';
  const found = useFound(q);
  const hasStores = (useStores().data?.stores ?? []).length > 0;
  const may = useMay();
  return (
    <Page
      title={t('member.title')}
      controls={
        <>
          {may('members.write', 'chain') && (
            <Segmented
              value={importing ? 'import' : 'find'}
              options={(['find', 'import'] as const).map((one) => ({
                value: one,
                label: <span data-testid={`tab-${one}`}>{t(`member.${one}`)}</span>,
              }))}
              onChange={(next) =>
                go(next === 'import' ? { page: 'members', tab: 'import' } : { page: 'members' })
              }
            />
          )}
          {!importing && (
            <Input.Search
              key={q}
              className="member-search"
              defaultValue={q}
              allowClear
              autoFocus
              placeholder={t('member.search')}
              aria-label={t('member.search')}
              data-testid="member-search"
              loading={found.waiting}
              onSearch={(typed) =>
                go(typed.trim() === '' ? { page: 'members' } : { page: 'members', q: typed.trim() })
              }
            />
          )}
          {may('members.export', 'chain') && !importing && <ExportAll />}
        </>
      }
    >
      {importing ? (
        <ImportTab />
      ) : (
        <div className="split-side">
          <div className="stack">
            <Hits q={q} found={found} />
            {q === '' && may('reports.read') && hasStores && <Glance />}
          </div>
          {may('members.read', 'chain') && <Duplicates />}
        </div>
      )}
    </Page>
  );
}

/** All members, as a file that the import takes again; a browser downloads it by itself, with the session's cookie. */
function ExportAll() {
  const { t } = useTranslation();
  return (
    <span className="row-buttons">
      {(['csv', 'xlsx'] as const).map((format) => (
        <a key={format} className="export-button" href={`/api/v1/members/export?format=${format}`} download>
          {t(format === 'csv' ? 'shell.exportCsv' : 'shell.exportXlsx')}
        </a>
      ))}
    </span>
  );
}

/** Before somebody is looked for: how many there are, and who may be lost. */
function Glance() {
  const { t } = useTranslation();
  const grid = useQuery<z.infer<typeof GridAnswer>>('/api/v1/rfm/grid');
  return (
    <Card
      title={t('member.overview')}
      extra={<Link to={{ page: 'segments' }}>{t('member.toSegments')}</Link>}
    >
      <Answered query={grid} rows={2}>
        {(answer) => <GridFigures grid={answer} />}
      </Answered>
    </Card>
  );
}

interface Found {
  readonly members: readonly Member[] | null;
  readonly error: ApiError | null;
  readonly waiting: boolean;
}

function Hits({ q, found }: { readonly q: string; readonly found: Found }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const stores = useStoreIndex();
  const tierName = useTierName();
  const columns: Column<Member>[] = [
    {
      key: 'name',
      title: t('member.name'),
      value: ({ profile }) => profile.name,
      show: ({ id, profile }) => (
        <Link to={{ page: 'member', id }} className="row-link" data-testid={`member-${id}`}>
          {profile.name}
        </Link>
      ),
    },
    { key: 'phone', title: t('member.phone'), value: ({ profile }) => profile.phones[0] ?? '' },
    { key: 'card', title: t('member.card'), from: 'md', value: ({ profile }) => profile.cards[0] ?? '' },
    { key: 'tier', title: t('member.tier'), value: ({ tierId }) => tierName(tierId) },
    {
      key: 'home',
      title: t('member.homeStore'),
      from: 'lg',
      value: ({ profile: { homeStoreId } }) =>
        homeStoreId === null ? '' : storeName(stores.get(homeStoreId), homeStoreId, locale),
    },
    { key: 'tags', title: t('member.tags'), from: 'lg', value: ({ profile }) => profile.tags.join(', ') },
  ];
  const members = found.members ?? [];
  return (
    <Card
      title={t('member.title')}
      extra={<ExportButton name="members" rows={members} columns={columns} />}
      className="card-table"
    >
      <Problem error={found.error} />
      <DataTable
        name="members"
        rows={members}
        columns={columns}
        rowKey={({ id }) => id}
        empty={
          <Notice
            icon="member"
            title={t(q === '' || found.members === null ? 'member.start' : 'member.noHit')}
            help={t('member.searchHelp')}
          />
        }
      />
    </Card>
  );
}

function useFound(q: string): Found {
  const [state, setState] = useState<Found>({ members: null, error: null, waiting: false });
  useEffect(() => {
    const question = questionOf(q);
    if (question === null) {
      setState({ members: null, error: null, waiting: false });
      return;
    }
    let late = false;
    setState((before) => ({ ...before, waiting: true }));
    // In the body, not in the address: who was looked for stands in no log.
    sendNow<z.infer<typeof SearchAnswer>>('POST', '/api/v1/members/search', { ...question, limit: 100 }).then(
      ({ members }) => !late && setState({ members, error: null, waiting: false }),
      (cause: unknown) => {
        const error = cause instanceof ApiError ? cause : new ApiError('server', null, String(cause), cause);
        if (!late) setState({ members: null, error, waiting: false });
      },
    );
    return () => {
      late = true;
    };
  }, [q]);
  return state;
}

function Duplicates() {
  const { t } = useTranslation();
  const pairs = useQuery<z.infer<typeof DuplicateList>>(DUPLICATES);
  const { error, send } = useSend();
  const mayChange = useMay();
  const apart = async (oneId: string, otherId: string) => {
    await send('POST', '/api/v1/member-duplicates/apart', { oneId, otherId });
    await refresh(DUPLICATES);
  };
  return (
    <Card title={t('member.duplicates')}>
      <Problem error={error} />
      <Answered query={pairs} rows={4}>
        {(list) =>
          list.pairs.length === 0 ? (
            <p className="muted">{t('member.noDuplicates')}</p>
          ) : (
            <ul className="matters">
              {list.pairs.map(({ one, other, score }) => (
                <li key={`${one.id} ${other.id}`}>
                  <span>
                    <Link to={{ page: 'member', id: one.id }}>{one.profile.name}</Link> ·{' '}
                    <Link to={{ page: 'member', id: other.id }}>{other.profile.name}</Link>
                    <span className="muted num">
                      {' '}
                      {t('member.score')} {score}
                    </span>
                  </span>
                  <Button
                    size="small"
                    disabled={!mayChange('members.write', 'chain')}
                    onClick={() => void apart(one.id, other.id)}
                  >
                    {t('member.apart')}
                  </Button>
                </li>
              ))}
            </ul>
          )
        }
      </Answered>
    </Card>
  );
}

/** The audit log: who changed what, when and from where, before and after, and whether the log is whole. */
import { Button, Select } from 'antd';
import type { TFunction } from 'i18next';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import { LOCALES, type Locale } from '../../../../../src/core/item.ts';
import type { UserList } from '../../../access-schemas.ts';
import { ApiError, getJson } from '../../api/client.ts';
import { search } from '../../api/paths.ts';
import { useMay } from '../../api/session.ts';
import { useQuery } from '../../api/use-query.ts';
import { dateTime } from '../../format/date.ts';
import { formatCount } from '../../format/number.ts';
import { useLocale } from '../../i18n/i18n.ts';
import { DEED_WORDS } from '../../i18n/words/deeds.ts';
import { Answered } from '../../parts/answered.tsx';
import { Card } from '../../parts/card.tsx';
import { type Column, DataTable, ExportButton } from '../../parts/data-table.tsx';
import { Differences } from '../../parts/differences.tsx';
import { Icon } from '../../parts/icons.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Problem } from '../../parts/problem.tsx';
import { Page } from '../../shell/page.tsx';
import { go } from '../../shell/router.tsx';
import type { Route } from '../../shell/routes.ts';
import { type AuditDeed, type AuditLine, deedsOf } from './audit-entry.ts';

type AuditRoute = Extract<Route, { page: 'audit' }>;
type AuditPageAnswer = { readonly entries: readonly AuditLine[]; readonly nextCursor: number | null };

const AUDIT = '/api/v1/audit';
const PAGE_ENTRIES = 400;

export function AuditPage({ route }: { readonly route: AuditRoute }) {
  const { t } = useTranslation();
  const { actor } = route;
  const first = `${AUDIT}${search({ actorId: actor, limit: PAGE_ENTRIES })}`;
  const page = useQuery<AuditPageAnswer>(first);
  const [more, setMore] = useState<{ of: string; pages: readonly AuditPageAnswer[] }>({
    of: first,
    pages: [],
  });
  const pages = page.data === null ? [] : [page.data, ...(more.of === first ? more.pages : [])];
  const cursor = pages.at(-1)?.nextCursor ?? null;
  const [error, setError] = useState<ApiError | null>(null);
  const readOn = async () => {
    try {
      const next = await getJson<AuditPageAnswer>(
        `${AUDIT}${search({ actorId: actor, limit: PAGE_ENTRIES, cursor: cursor ?? undefined })}`,
      );
      setMore({ of: first, pages: [...(more.of === first ? more.pages : []), next] });
      setError(null);
    } catch (cause) {
      setError(cause instanceof ApiError ? cause : null);
    }
  };
  const deeds = deedsOf(pages.flatMap(({ entries }) => entries));
  const columns = useColumns();
  return (
    <Page title={t('place.audit')} controls={<ActorPick actor={actor} />}>
      <ProofCard />
      <Card
        title={t('place.audit')}
        extra={<ExportButton name="audit" rows={deeds} columns={columns} />}
        className="card-table"
      >
        <p className="muted table-note">{t('audit.help')}</p>
        <Answered query={page} rows={12}>
          {() => (
            <DataTable
              name="audit"
              rows={deeds}
              columns={columns}
              rowKey={({ key }) => key}
              pageRows={50}
              expanded={(deed) => <Deed deed={deed} />}
              empty={<Notice icon="audit" title={t('audit.empty')} help={t('audit.emptyHelp')} />}
            />
          )}
        </Answered>
        <Problem error={error} />
        {cursor !== null && (
          <div className="more">
            <Button onClick={() => void readOn()} data-testid="audit-more">
              {t('shell.more')}
            </Button>
          </div>
        )}
      </Card>
    </Page>
  );
}

function useColumns(): Column<AuditDeed>[] {
  const { t } = useTranslation();
  const locale = useLocale();
  const outcome = ({ done }: AuditDeed) => {
    if (done?.status === undefined) return t('audit.unknown');
    return done.status < 400 ? t('audit.done') : t('audit.refused', { status: done.status });
  };
  return [
    {
      key: 'at',
      title: t('audit.when'),
      value: ({ asked }) => asked.atMs,
      exported: ({ asked }) => new Date(asked.atMs).toISOString(),
      show: ({ asked }) => <span className="num nowrap">{dateTime(asked.atMs, undefined)}</span>,
    },
    {
      key: 'who',
      title: t('audit.who'),
      from: 'sm',
      value: ({ asked }) => actorName(asked, t),
    },
    {
      key: 'what',
      title: t('audit.what'),
      value: ({ asked }) => asked.route,
      exported: ({ asked }) => [deedWords(asked.route, locale), asked.route].filter(Boolean).join(' · '),
      show: ({ asked }) => <RouteName route={asked.route} />,
    },
    {
      key: 'thing',
      title: t('audit.thing'),
      from: 'md',
      value: ({ asked: { params } }) =>
        Object.values((params ?? {}) as Record<string, unknown>).join(' · ') || '—',
    },
    { key: 'from', title: t('audit.from'), from: 'lg', value: ({ asked }) => asked.address },
    {
      key: 'outcome',
      title: t('audit.outcome'),
      value: outcome,
      show: (deed) => (
        <span className={(deed.done?.status ?? 500) < 400 ? '' : 'warn-text'}>{outcome(deed)}</span>
      ),
    },
  ];
}

function actorName({ actor }: AuditDeed['asked'], t: TFunction): string {
  return actor.kind === 'owner' ? t('access.owner') : actor.name || '—';
}

/** The sentence of a deed, and under it `PUT users / :userId`, by which the API knows it. */
function RouteName({ route }: { readonly route: string }) {
  const locale = useLocale();
  const words = deedWords(route, locale);
  const [verb, path = ''] = route.split(' ');
  const name = (
    <span className={words === null ? 'nowrap' : 'nowrap muted deed-route'}>
      <b className="verb">{verb}</b> {path.replace('/api/v1/', '').replaceAll('/', ' / ')}
    </span>
  );
  return words === null ? (
    name
  ) : (
    <>
      <div>{words}</div>
      {name}
    </>
  );
}

/** null: a route without a sentence. */
function deedWords(route: string, locale: Locale): string | null {
  return Object.hasOwn(DEED_WORDS, route) ? DEED_WORDS[route]![LOCALES.indexOf(locale)]! : null;
}

function Deed({ deed: { asked, done } }: { readonly deed: AuditDeed }) {
  const { t } = useTranslation();
  return (
    <div className="stack audit-deed" data-testid={`deed-${asked.seq}`}>
      <p className="only-narrow">
        {t('audit.who')}: {actorName(asked, t)}
      </p>
      <Differences before={done?.before} after={done?.after} sent={asked.sent} />
      <code className="hash">
        #{asked.seq} {asked.hash}
      </code>
    </div>
  );
}

function ProofCard() {
  const { t } = useTranslation();
  const proof = useQuery<{ entries: number; headHash: string; brokenAt: number | null }>(`${AUDIT}/proof`);
  return (
    <section className="card proof-card">
      <Answered query={proof} rows={1}>
        {({ entries, headHash, brokenAt }) => (
          <div className="form-row">
            <span className={brokenAt === null ? 'good-text' : 'bad-text'} data-testid="audit-proof">
              <Icon name={brokenAt === null ? 'chain' : 'warn'} />{' '}
              {brokenAt === null
                ? t('audit.whole', { count: formatCount(entries) })
                : t('audit.broken', { seq: brokenAt })}
            </span>
            <code className="hash">{headHash.slice(0, 16)}</code>
            <Button size="small" onClick={proof.retry} loading={proof.loading}>
              {t('audit.prove')}
            </Button>
          </div>
        )}
      </Answered>
    </section>
  );
}

function ActorPick({ actor }: { readonly actor: string | undefined }) {
  const { t } = useTranslation();
  const may = useMay();
  const users = useQuery<z.infer<typeof UserList>>('/api/v1/users').data?.users ?? [];
  return (
    <Select
      style={{ minWidth: 176 }}
      value={actor ?? ''}
      disabled={!may('access.read', 'chain')}
      aria-label={t('audit.who')}
      options={[
        { value: '', label: t('audit.anyone') },
        { value: 'owner', label: t('access.owner') },
        ...users.map(({ id, login, name }) => ({ value: id, label: `${name} (${login})` })),
      ]}
      onChange={(id) => go(id === '' ? { page: 'audit' } : { page: 'audit', actor: id })}
    />
  );
}

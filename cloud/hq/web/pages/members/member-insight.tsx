/** What the books say of a member: recency, frequency and value month by month, and why each saved segment holds them or not. */
import { Collapse, Segmented } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { Scored } from '../../../report-schemas.ts';
import type { ReasonAnswer, SegmentList } from '../../../segment-schemas.ts';
import { search } from '../../api/paths.ts';
import { useQueries, useQuery } from '../../api/use-query.ts';
import { currencyOf, formatMoney } from '../../format/money.ts';
import { formatCount } from '../../format/number.ts';
import { Answered, allOf } from '../../parts/answered.tsx';
import { Card } from '../../parts/card.tsx';
import { type Column, DataTable, ExportButton } from '../../parts/data-table.tsx';
import { Icon } from '../../parts/icons.tsx';
import { newestDate, useStores } from '../../parts/stores.ts';
import { useNow } from '../../parts/use-now.ts';
import { Link } from '../../shell/router.tsx';
import type { MemberView } from './member-page.tsx';
import { monthEnds } from './month-ends.ts';

type Score = z.infer<typeof Scored>;
/** Each month is a count of the whole chain as of then: half a year, until somebody asks for more. */
const MONTHS = [6, 12, 24] as const;
type Months = (typeof MONTHS)[number];

export function RfmCard({ view: { member, books } }: { readonly view: MemberView }) {
  const [months, setMonths] = useState<Months>(6);
  const { t } = useTranslation();
  const today = newestDate(useStores().data?.stores ?? [], useNow());
  const [chosen, setChosen] = useState<string | null>(null);
  const own = books.filter(({ firstOn }) => firstOn !== null);
  const book = own.find(({ currency }) => currency === chosen) ?? own[0];
  const firstOn = book?.firstOn ?? null;
  if (book === undefined || firstOn === null) return null;
  const { currency } = book;
  const dates = monthEnds(firstOn, today, months);
  const choice = (
    <>
      {own.length > 1 && (
        <Segmented<string>
          size="small"
          aria-label={t('member.currency')}
          value={currency}
          options={own.map((one) => ({
            value: one.currency,
            label: <span data-testid={`rfm-${one.currency}`}>{one.currency}</span>,
          }))}
          onChange={setChosen}
        />
      )}
      <Segmented<Months>
        size="small"
        aria-label={t('member.rfmMonths')}
        value={months}
        options={MONTHS.map((value) => ({
          value,
          label: <span data-testid={`rfm-${value}`}>{t('member.monthCount', { count: value })}</span>,
        }))}
        onChange={setMonths}
      />
    </>
  );
  return <RfmMonths memberId={member.id} dates={dates} currency={currency} choice={choice} />;
}

function RfmMonths(props: {
  readonly memberId: string;
  readonly dates: readonly string[];
  readonly currency: string;
  readonly choice: ReactNode;
}) {
  const { t } = useTranslation();
  const { memberId, dates, currency } = props;
  const scores = allOf(
    useQueries<Score>(
      dates.map((asOf) => `/api/v1/rfm/members/${encodeURIComponent(memberId)}${search({ asOf, currency })}`),
    ),
  );
  const columns: Column<Score & { readonly asOf: string }>[] = [
    { key: 'asOf', title: t('member.asOf'), value: ({ asOf }) => asOf },
    {
      key: 'rfm',
      title: 'R · F · M',
      value: ({ r, f, m }) => `${r} ${f} ${m}`,
      show: ({ r, f, m }) => (
        <span className="scores num">
          {[r, f, m].map((score, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: R, F and M have their places
            <span key={index} className={`score score-${score}`}>
              {score}
            </span>
          ))}
        </span>
      ),
    },
    {
      key: 'cell',
      title: t('member.cell'),
      value: ({ recency, frequency }) => `${t(`segment.${recency}`)} × ${t(`segment.${frequency}`)}`,
    },
    { key: 'visits', title: t('member.visits'), number: true, value: ({ visits }) => visits },
    {
      key: 'net',
      title: t('member.spent'),
      number: true,
      value: ({ netMinor }) => netMinor / 10 ** currencyOf(currency).digits,
      show: ({ netMinor }) => formatMoney(netMinor, currencyOf(currency)),
    },
    { key: 'last', title: t('member.lastOn'), from: 'md', value: ({ lastOn }) => lastOn },
  ];
  const rows = (scores.data ?? []).map((score, index) => ({ ...score, asOf: dates[index]! })).reverse();
  return (
    <Card
      title={t('member.rfmOverTime')}
      extra={
        <span className="stores-extra">
          {props.choice}
          <ExportButton name="member-rfm" rows={rows} columns={columns} />
        </span>
      }
      className="card-table"
    >
      <Answered query={scores} rows={4}>
        {() => <DataTable name="member-rfm" rows={rows} columns={columns} rowKey={({ asOf }) => asOf} />}
      </Answered>
    </Card>
  );
}

type Reason = z.infer<typeof ReasonAnswer>;

/** A segment is opened to see its reasons; only then HQ is asked for them. */
export function SegmentReasonsCard({ memberId }: { readonly memberId: string }) {
  const { t } = useTranslation();
  const segments = useQuery<z.infer<typeof SegmentList>>('/api/v1/segments');
  return (
    <Card title={t('member.segments')}>
      <Answered query={segments} rows={3}>
        {({ segments: list }) =>
          list.length === 0 ? (
            <>
              <p className="muted">{t('segment.noSaved')}</p>
              <Link to={{ page: 'segments', tab: 'build' }}>{t('segment.build')}</Link>
            </>
          ) : (
            <Collapse
              ghost
              size="small"
              destroyOnHidden
              items={list.map(({ id, name }) => ({
                key: id,
                label: <span data-testid={`segment-why-${name}`}>{name}</span>,
                children: <Why segmentId={id} memberId={memberId} />,
              }))}
            />
          )
        }
      </Answered>
    </Card>
  );
}

function Why({ segmentId, memberId }: { readonly segmentId: string; readonly memberId: string }) {
  const { t } = useTranslation();
  const reason = useQuery<Reason>(
    `/api/v1/segments/${encodeURIComponent(segmentId)}/reasons${search({ memberId })}`,
  );
  return (
    <Answered query={reason} rows={2}>
      {(root) => (
        <div data-testid="why">
          <p>
            <Icon name={root.holds ? 'online' : 'close'} />{' '}
            <b>{t(root.holds ? 'member.isIn' : 'member.isOut')}</b>
          </p>
          <ReasonTree reason={root} />
        </div>
      )}
    </Answered>
  );
}

function ReasonTree({ reason }: { readonly reason: Reason }) {
  const { t } = useTranslation();
  const words =
    reason.kind === 'condition'
      ? t(`segment.source_${reason.source}` as 'segment.source_rfm')
      : t(`segment.${reason.kind}`);
  return (
    <ul className="reasons">
      <li>
        <Icon name={reason.holds ? 'online' : 'close'} />
        <span className="sr-only">{t(reason.holds ? 'shell.yes' : 'shell.no')}</span> {words}
        {reason.actual !== null && <span className="muted num"> · {shortened(reason.actual)}</span>}
        {(reason.of as Reason[]).map((one) => (
          <ReasonTree key={one.path} reason={one} />
        ))}
      </li>
    </ul>
  );
}

function shortened(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : formatIfCount(text);
}

function formatIfCount(text: string): string {
  return /^\d{4,9}$/.test(text) ? formatCount(Number(text)) : text;
}

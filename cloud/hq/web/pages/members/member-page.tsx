/** One member: who, what they are worth, what they may spend, what they bought, and all that happened. */
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { PageShown } from '../../../member-schemas.ts';
import { useMay } from '../../api/session.ts';
import { useQuery } from '../../api/use-query.ts';
import { currencyOf, formatMoney } from '../../format/money.ts';
import { formatCount } from '../../format/number.ts';
import { useLocale } from '../../i18n/i18n.ts';
import { Answered } from '../../parts/answered.tsx';
import { Card } from '../../parts/card.tsx';
import { Facts } from '../../parts/facts.tsx';
import { storeName, useStoreIndex } from '../../parts/stores.ts';
import { Page } from '../../shell/page.tsx';
import type { Route } from '../../shell/routes.ts';
import { Factor } from '../today/factor.tsx';
import { MemberActions } from './member-actions.tsx';
import { ConsentsCard, FieldsCard } from './member-facts.tsx';
import { LedgerCard, PurchasesCard, TimelineCard } from './member-history.tsx';
import { RfmCard, SegmentReasonsCard } from './member-insight.tsx';
import { memberPath } from './member-path.ts';
import { useTierName } from './tier-name.ts';

export type MemberView = z.infer<typeof PageShown>;

export function MemberPage({ memberId }: { readonly memberId: string }) {
  const { t } = useTranslation();
  const page = useQuery<MemberView>(memberPath(memberId));
  const may = useMay();
  return (
    <Page
      title={page.data?.member.profile.name ?? t('member.title')}
      back={{ to: { page: 'members' }, word: t('member.title') }}
    >
      <Answered query={page} rows={12} inCard>
        {(view) => (
          <>
            <Worth view={view} />
            <div className="split-side">
              <div className="stack">
                <PurchasesCard memberId={view.member.id} />
                {may('reports.read') && <RfmCard view={view} />}
                <LedgerCard memberId={view.member.id} />
                {may('members.read', 'chain') && <TimelineCard memberId={view.member.id} />}
              </div>
              <div className="stack">
                <NextCard view={view} />
                <ProfileCard view={view} />
                <RightsCard view={view} />
                <ConsentsCard view={view} />
                {may('members.read', 'chain') && <FieldsCard memberId={view.member.id} />}
                {may('segments.read') && <SegmentReasonsCard memberId={view.member.id} />}
              </div>
            </div>
            <div className="member-actions">
              <MemberActions key={view.member.revision} view={view} />
            </div>
          </>
        )}
      </Answered>
    </Page>
  );
}

const THRESHOLDS: Route = { page: 'settings', tab: 'thresholds' };

function Worth({ view: { tier, balance, books } }: { readonly view: MemberView }) {
  const { t } = useTranslation();
  const tierName = useTierName();
  const money = (minor: number) => formatMoney(minor, currencyOf(balance.currency ?? 'CNY'));
  return (
    <section className="card">
      <div className="kpis">
        <Factor label={t('member.tier')} value={tierName(tier.tierId)} note={tier.throughOn ?? ''} />
        <Factor
          testid="member-points"
          label={t('member.points')}
          value={formatCount(balance.points)}
          explain={{ how: t('explain.points') }}
        />
        <Factor
          label={t('member.value')}
          value={money(balance.valueMinor + balance.bonusMinor)}
          explain={{
            how: t('explain.value', { a: money(balance.valueMinor), b: money(balance.bonusMinor) }),
          }}
        />
        {books.map((book) => (
          <Factor
            key={`${book.currency} net`}
            testid="member-spent"
            label={t('member.spent')}
            value={formatMoney(book.netMinor, currencyOf(book.currency))}
            note={t('history.visits', { count: book.visits })}
            explain={{ how: t('explain.spent', { count: book.visits }) }}
          />
        ))}
        {books.map((book) => (
          <Factor
            key={`${book.currency} cell`}
            label={t('member.cell')}
            value={
              book.cell === null
                ? null
                : `${t(`segment.${book.cell.recency}`)} × ${t(`segment.${book.cell.frequency}`)}`
            }
            note={book.lastOn === null ? '' : `${t('member.lastOn')} ${book.lastOn}`}
            explain={{ how: t('explain.cell'), to: THRESHOLDS, toWord: t('explain.thresholds') }}
          />
        ))}
      </div>
    </section>
  );
}

/** The place of the next best action: said from the books until campaigns say better. */
function NextCard({ view: { books } }: { readonly view: MemberView }) {
  const { t } = useTranslation();
  const [book] = books;
  const word =
    book?.isAtRisk === true
      ? 'nextAtRisk'
      : book?.visits === 1
        ? 'nextOnce'
        : book?.cell?.frequency === 'fan'
          ? 'nextFan'
          : 'nextNone';
  return (
    <Card title={t('member.next')}>
      <p>{t(`member.${word}`)}</p>
    </Card>
  );
}

function ProfileCard({ view: { member, aliases, tags } }: { readonly view: MemberView }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const stores = useStoreIndex();
  const { profile } = member;
  const fact = (name: string, value: string | null) =>
    value === null || value === '' ? null : { name, value };
  return (
    <Card title={t('member.profile')} extra={<code className="hash">{member.id}</code>}>
      <Facts
        facts={[
          fact(t('member.phone'), profile.phones.join(', ')),
          fact(t('member.card'), profile.cards.join(', ')),
          fact(t('member.mail'), profile.mails.join(', ')),
          fact(t('member.birthday'), profile.birthday),
          fact(t('member.gender'), profile.gender),
          fact(t('member.residence'), profile.residence),
          fact(
            t('member.homeStore'),
            profile.homeStoreId === null
              ? null
              : storeName(stores.get(profile.homeStoreId), profile.homeStoreId, locale),
          ),
          fact(t('member.note'), profile.note),
          fact(t('member.tags'), [...new Set([...profile.tags, ...tags.map(({ tag }) => tag)])].join(', ')),
          fact(t('member.aliases'), aliases.map(({ id }) => id).join(', ')),
        ]}
      />
    </Card>
  );
}

function RightsCard({ view: { coupons } }: { readonly view: MemberView }) {
  const { t } = useTranslation();
  return (
    <Card title={t('member.coupons')}>
      {coupons.length === 0 ? (
        <p className="muted">{t('member.noCoupons')}</p>
      ) : (
        <ul className="facts-list">
          {coupons.map(({ code, validTo }) => (
            <li key={code} className="num">
              {code} <span className="muted">{validTo}</span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

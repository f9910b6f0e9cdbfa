/** One till: how it stands, what it would lack with the line down, its place in HQ's copy of the chain, and what HQ can do for it. */
import { Button, Input, Modal, Progress } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { EnrolmentCode, TillRow } from '../../../schemas.ts';
import { ApiError, getJson } from '../../api/client.ts';
import { TILLS } from '../../api/paths.ts';
import { refresh } from '../../api/query-cache.ts';
import { useSend } from '../../api/use-send.ts';
import { dateMinute } from '../../format/date.ts';
import { formatCount } from '../../format/number.ts';
import { useLocale } from '../../i18n/i18n.ts';
import { Answered } from '../../parts/answered.tsx';
import { Card } from '../../parts/card.tsx';
import { saveFile } from '../../parts/data-table.tsx';
import { Facts } from '../../parts/facts.tsx';
import { Icon } from '../../parts/icons.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Problem } from '../../parts/problem.tsx';
import { storeName, useStoreIndex } from '../../parts/stores.ts';
import { TillState } from '../../parts/till-state.tsx';
import { Changeable } from '../../shell/guard.tsx';
import { Page } from '../../shell/page.tsx';
import { Link } from '../../shell/router.tsx';
import { EnrolCode } from '../fleet/enrol-code.tsx';
import { AsideCard } from '../fleet/poison-tab.tsx';
import { ShiftsTab } from '../fleet/shifts-tab.tsx';
import { useTills } from '../today/use-day.ts';

export function TillPage({ tillId }: { readonly tillId: string }) {
  const { t } = useTranslation();
  const tills = useTills();
  const till = tills.data?.tills.find(({ id }) => id === tillId);
  return (
    <Page
      title={`${t('fleet.till')} ${till?.code ?? tillId}`}
      back={{ to: { page: 'tills' }, word: t('place.tills') }}
    >
      <Answered query={tills} rows={8} inCard>
        {() =>
          till === undefined ? (
            <section className="card">
              <Notice icon="till" title={t('fleet.noSuchTill')}>
                <Link to={{ page: 'tills' }}>{t('place.tills')}</Link>
              </Notice>
            </section>
          ) : (
            <>
              <div className="split">
                <StateCard till={till} />
                <div className="stack">
                  <ReadinessCard till={till} />
                  <Changeable right="tills.write">
                    <CareCard till={till} />
                  </Changeable>
                </div>
              </div>
              <AsideCard tillId={till.id} />
              <ShiftsTab storeId={till.storeId} tillId={till.id} />
            </>
          )
        }
      </Answered>
    </Page>
  );
}

function StateCard({ till }: { readonly till: TillRow }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const store = useStoreIndex().get(till.storeId);
  const time = (atMs: number | null) =>
    atMs === null ? t('tills.never') : dateMinute(atMs, store?.timeZone);
  const [error, setError] = useState<ApiError | null>(null);
  const head = async () => {
    try {
      const signed = await getJson<object>(`${TILLS}/${encodeURIComponent(till.id)}/head`);
      saveFile(`head-${till.code}.json`, JSON.stringify(signed, null, 2), 'application/json');
      setError(null);
    } catch (cause) {
      setError(cause instanceof ApiError ? cause : new ApiError('server', null, String(cause), cause));
    }
  };
  return (
    <Card title={t('fleet.state')} extra={<TillState till={till} />}>
      <Facts
        facts={[
          {
            name: t('fleet.store'),
            value: (
              <Link to={{ page: 'store', storeId: till.storeId }}>
                {storeName(store, till.storeId, locale)}
              </Link>
            ),
          },
          { name: t('tills.version'), value: till.version ?? '—' },
          { name: t('tills.lastSeen'), value: <span className="num">{time(till.lastSeenAtMs)}</span> },
          { name: t('tills.lastSale'), value: <span className="num">{time(till.lastSaleAtMs)}</span> },
          {
            name: t('tills.unsent'),
            value: till.unsent === null ? t('tills.unknown') : formatCount(till.unsent),
          },
          { name: t('tills.quarantined'), value: formatCount(till.quarantined) },
          { name: t('tills.headSeq'), value: <span className="num">{formatCount(till.headSeq)}</span> },
          {
            name: t('fleet.headHash'),
            value: (
              <code className="hash" data-testid="head-hash">
                {till.headHash ?? '—'}
              </code>
            ),
          },
        ]}
      />
      {till.stopped && (
        <p className="bad-text">
          <Icon name="warn" /> {t('fleet.stopped')}
        </p>
      )}
      <Problem error={error} />
      <div className="form-row">
        <Button disabled={till.headHash === null} onClick={() => void head()} data-testid="save-head">
          {t('fleet.saveHead')}
        </Button>
        <Link to={{ page: 'sales', tillId: till.id }}>{t('fleet.itsReceipts')}</Link>
      </div>
      <p className="muted">{t('fleet.saveHeadHelp')}</p>
    </Card>
  );
}

function ReadinessCard({ till: { readiness, readinessAtMs } }: { readonly till: TillRow }) {
  const { t } = useTranslation();
  return (
    <Card title={t('fleet.readiness')}>
      {readiness === null ? (
        <p className="muted">{t('fleet.readinessNone')}</p>
      ) : (
        <div className="stack" data-testid="readiness">
          <Progress
            aria-label={t('fleet.readiness')}
            percent={readiness.score}
            status={readiness.score >= 80 ? 'success' : readiness.score >= 50 ? 'normal' : 'exception'}
            format={(percent) => <b className="num">{percent}</b>}
          />
          {readiness.reasons.length === 0 && <p>{t('fleet.readinessFull')}</p>}
          <ul className="matters">
            {readiness.reasons.map(({ kind, points }) => (
              <li key={kind}>
                <Icon name="warn" />
                <span>{t(`fleet.lacks_${kind}` as 'fleet.lacks_printer')}</span>
                <span className="num">−{points}</span>
              </li>
            ))}
          </ul>
          {readinessAtMs !== null && (
            <p className="muted num">{t('live.asOf', { time: dateMinute(readinessAtMs, undefined) })}</p>
          )}
        </div>
      )}
    </Card>
  );
}

function CareCard({ till }: { readonly till: TillRow }) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  const [made, setMade] = useState<z.infer<typeof EnrolmentCode> | null>(null);
  const [ticket, setTicket] = useState<{ ticket: string; expiresAtMs: number } | null>(null);
  const [reason, setReason] = useState('');
  const { busy, error, send } = useSend();
  const path = `${TILLS}/${encodeURIComponent(till.id)}`;
  const newCode = async () => setMade(await send('POST', `${path}/enrolment-codes`));
  const rescue = async () =>
    setTicket(await send('POST', `${path}/rescue-tickets`, { reason: reason.trim() }));
  const revoke = async () => {
    if ((await send('POST', `${path}/revoke`)) === null) return;
    setAsking(false);
    await refresh(TILLS);
  };
  return (
    <Card title={t('fleet.care')}>
      <div className="stack">
        <Problem error={error} />
        {made !== null && <EnrolCode made={made} />}
        <div className="form-row">
          {!till.revoked && (
            <Button loading={busy} onClick={() => void newCode()} data-testid="new-code">
              {t('fleet.newCode')}
            </Button>
          )}
          {!till.revoked && (
            <Button danger onClick={() => setAsking(true)} data-testid="revoke">
              {t('fleet.revoke')}
            </Button>
          )}
        </div>
        <p className="muted">{t('fleet.rescueHelp')}</p>
        <div className="form-row">
          <Input
            value={reason}
            placeholder={t('fleet.why')}
            aria-label={t('fleet.why')}
            data-testid="rescue-why"
            onChange={(event) => setReason(event.target.value)}
          />
          <Button
            loading={busy}
            disabled={reason.trim().length < 3}
            onClick={() => void rescue()}
            data-testid="rescue"
          >
            {t('fleet.rescue')}
          </Button>
        </div>
        {ticket !== null && (
          <code className="hash" data-testid="rescue-command">
            npx counterfoil rescue FOLDER --cloud {location.origin} --ticket {ticket.ticket}
          </code>
        )}
      </div>
      {asking && (
        <Modal
          open
          title={t('fleet.revokeSure', { code: till.code })}
          okText={t('fleet.revoke')}
          cancelText={t('shell.cancel')}
          okButtonProps={{ danger: true, loading: busy }}
          onOk={() => void revoke()}
          onCancel={() => setAsking(false)}
        >
          <p>{t('fleet.revokeHelp', { count: formatCount(till.unsent ?? 0) })}</p>
        </Modal>
      )}
    </Card>
  );
}

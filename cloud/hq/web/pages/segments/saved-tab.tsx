/** Saved segments: their sizes, and what can be done with each. */
import { Button, Dropdown, Modal, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { TemplateList } from '../../../loyalty-schemas.ts';
import type { SegmentList } from '../../../segment-schemas.ts';
import { send as sendNow } from '../../api/client.ts';
import { refresh } from '../../api/query-cache.ts';
import { useMay } from '../../api/session.ts';
import { useQuery } from '../../api/use-query.ts';
import { useSend } from '../../api/use-send.ts';
import { dateMinute, dateTime } from '../../format/date.ts';
import { formatCount } from '../../format/number.ts';
import { Answered } from '../../parts/answered.tsx';
import { Card } from '../../parts/card.tsx';
import { type Column, DataTable, ExportButton } from '../../parts/data-table.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Problem } from '../../parts/problem.tsx';
import { useToast } from '../../parts/toast.tsx';
import { go, Link } from '../../shell/router.tsx';
import { CouponTrial } from '../loyalty/coupon-trial.tsx';
import { CompareCard } from './compare-card.tsx';
import { issueToSegment, useCounts } from './segment-work.ts';

export type Segment = z.infer<typeof SegmentList>['segments'][number];

export const SEGMENTS = '/api/v1/segments';

export function SavedTab({ withId }: { readonly withId: string | undefined }) {
  const { t } = useTranslation();
  const segments = useQuery<z.infer<typeof SegmentList>>(SEGMENTS);
  const list = segments.data?.segments ?? [];
  const counts = useCounts(list);
  const { error, send } = useSend();
  const may = useMay();
  const toast = useToast();
  const [couponFor, setCouponFor] = useState<Segment | null>(null);
  const [dropping, setDropping] = useState<Segment | null>(null);
  const act = async (segment: Segment, key: string) => {
    if (key === 'coupon') return setCouponFor(segment);
    if (key === 'compare') return go({ page: 'segments', tab: 'saved', with: segment.id });
    if (key === 'drop') return setDropping(segment);
    await send('POST', `${SEGMENTS}/${encodeURIComponent(segment.id)}/freeze`);
    await refresh(SEGMENTS);
  };
  const drop = async (segment: Segment) => {
    const done = await send('DELETE', `${SEGMENTS}/${encodeURIComponent(segment.id)}`);
    setDropping(null);
    await refresh(SEGMENTS);
    if (done === null) return;
    const { name, note, rule, currency } = segment;
    const back = async () => {
      await send('POST', SEGMENTS, { name, note, rule, currency });
      await refresh(SEGMENTS);
    };
    // Who was in a frozen one is gone with it.
    toast({
      text: t('segment.dropped', { name }),
      ...(segment.kind === 'dynamic' ? { undo: back } : {}),
    });
  };
  const columns: Column<Segment>[] = [
    {
      key: 'name',
      title: t('segment.name'),
      value: ({ name }) => name,
      show: ({ id, name }) => (
        <Link to={{ page: 'segments', tab: 'build', segmentId: id }} className="row-link">
          {name}
        </Link>
      ),
    },
    {
      key: 'people',
      title: t('segment.people'),
      number: true,
      value: ({ id }) => counts.get(id) ?? null,
      show: ({ id }) => {
        const count = counts.get(id);
        return count === undefined ? '…' : formatCount(count);
      },
    },
    { key: 'kind', title: t('segment.kind'), value: ({ kind }) => t(`segment.${kind}`) },
    { key: 'note', title: t('segment.note'), from: 'md', value: ({ note }) => note },
    {
      key: 'changed',
      title: t('segment.changedAt'),
      from: 'lg',
      value: ({ updatedAtMs }) => updatedAtMs,
      exported: ({ updatedAtMs }) => dateTime(updatedAtMs, undefined),
      show: ({ updatedAtMs }) => <span className="num">{dateMinute(updatedAtMs, undefined)}</span>,
    },
    {
      key: 'act',
      title: '',
      value: () => '',
      show: (segment) => (
        <Dropdown
          trigger={['click']}
          menu={{
            items: [
              { key: 'coupon', label: t('segment.giveCoupon'), disabled: !may('promotions.write', 'chain') },
              { key: 'compare', label: t('segment.compare') },
              {
                key: 'freeze',
                label: t('segment.freeze'),
                disabled: segment.kind === 'frozen' || !may('segments.write', 'chain'),
              },
              {
                key: 'drop',
                label: t('segment.drop'),
                danger: true,
                disabled: !may('segments.write', 'chain'),
              },
            ],
            onClick: ({ key }) => void act(segment, key),
          }}
        >
          <Button size="small" data-testid={`segment-menu-${segment.name}`}>
            ⋯
          </Button>
        </Dropdown>
      ),
    },
  ];
  const compared = list.find(({ id }) => id === withId);
  return (
    <>
      <Problem error={error} />
      {compared !== undefined && <CompareCard first={compared} segments={list} />}
      <Card
        title={t('segment.saved')}
        extra={<ExportButton name="segments" rows={list} columns={columns.slice(0, -1)} />}
        className="card-table"
      >
        <Answered query={segments} rows={6}>
          {() => (
            <DataTable
              name="segments"
              rows={list}
              columns={columns}
              rowKey={({ id }) => id}
              empty={
                <Notice icon="segments" title={t('segment.noSaved')} help={t('segment.noSavedHelp')}>
                  <Link to={{ page: 'segments', tab: 'build' }}>{t('segment.build')}</Link>
                </Notice>
              }
            />
          )}
        </Answered>
      </Card>
      {couponFor !== null && (
        <CouponDialog
          segment={couponFor}
          count={counts.get(couponFor.id)}
          onClose={() => setCouponFor(null)}
        />
      )}
      {dropping !== null && (
        <Modal
          open
          title={t('segment.dropSure', { name: dropping.name })}
          okText={t('segment.drop')}
          cancelText={t('shell.cancel')}
          okButtonProps={{ danger: true }}
          onOk={() => void drop(dropping)}
          onCancel={() => setDropping(null)}
        />
      )}
    </>
  );
}

interface CouponProps {
  readonly segment: Segment;
  readonly count: number | undefined;
  readonly onClose: () => void;
}

function CouponDialog({ segment, count, onClose }: CouponProps) {
  const { t } = useTranslation();
  const templates = useQuery<z.infer<typeof TemplateList>>('/api/v1/coupon-templates');
  const open = (templates.data?.templates ?? []).filter(({ ended }) => !ended);
  const [templateId, setTemplateId] = useState<string | null>(null);
  const template = open.find((row) => row.template.id === templateId)?.template;
  const [done, setDone] = useState<string | null>(null);
  // One dialog is one issue: said twice, its key makes it one.
  const [key] = useState(() => crypto.randomUUID());
  const { busy, error, send } = useSend();
  const toast = useToast();
  const issue = async () => {
    const result = await issueToSegment(segment.id, { templateId: templateId!, key, send });
    if (result === null) return;
    setDone(t('segment.issued', result));
    if (result.issued === 0) return;
    const path = `/api/v1/coupon-templates/${encodeURIComponent(templateId!)}/issues/${key}/cancel`;
    const undo = async () => {
      const back = await sendNow<{ cancelled: number; used: number }>('POST', path).catch(() => null);
      const text = back === null ? t('shell.undoFailed') : t('segment.issueBack', back);
      setDone(text);
      toast({ text });
    };
    toast({ text: t('segment.issued', result), undo });
  };
  return (
    <Modal
      open
      title={`${t('segment.giveCoupon')} · ${segment.name}`}
      okText={t('segment.issueTo', { count: count ?? 0 })}
      cancelText={t('shell.close')}
      okButtonProps={{ disabled: templateId === null || done !== null, loading: busy }}
      onOk={() => void issue()}
      onCancel={onClose}
    >
      <div className="stack">
        {open.length === 0 ? (
          <p className="muted">{t('segment.couponNone')}</p>
        ) : (
          <Select
            value={templateId}
            aria-label={t('segment.coupon')}
            placeholder={t('segment.coupon')}
            options={open.map(({ template }) => ({ value: template.id, label: template.name }))}
            onChange={setTemplateId}
          />
        )}
        {template !== undefined && done === null && <CouponTrial template={template} codes={count} />}
        {done !== null && (
          <p className="note-box" role="status" data-testid="coupon-done">
            {done}
          </p>
        )}
        <Problem error={error} />
      </div>
    </Modal>
  );
}

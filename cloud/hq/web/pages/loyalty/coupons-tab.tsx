/** Coupon templates: what is out and what came back; a new one; ending one. */
import { Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { TemplateList } from '../../../loyalty-schemas.ts';
import { refresh } from '../../api/query-cache.ts';
import { useQuery } from '../../api/use-query.ts';
import { useSend } from '../../api/use-send.ts';
import { formatCount, formatShare } from '../../format/number.ts';
import { useLocale } from '../../i18n/i18n.ts';
import { Answered } from '../../parts/answered.tsx';
import { Card } from '../../parts/card.tsx';
import { type Column, DataTable, ExportButton } from '../../parts/data-table.tsx';
import { Field } from '../../parts/field.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Problem } from '../../parts/problem.tsx';
import { itemName } from '../prices/item-picker.tsx';
import { CountField, MoneyField } from '../prices/rule-fields.tsx';

type Row = z.infer<typeof TemplateList>['templates'][number];

const TEMPLATES = '/api/v1/coupon-templates';

export function CouponsTab() {
  const { t } = useTranslation();
  const locale = useLocale();
  const templates = useQuery<z.infer<typeof TemplateList>>(TEMPLATES);
  const { error, send } = useSend();
  const end = async ({ template }: Row) => {
    if ((await send('POST', `${TEMPLATES}/${encodeURIComponent(template.id)}/end`)) !== null)
      await refresh(TEMPLATES);
  };
  const columns: Column<Row>[] = [
    { key: 'id', title: t('loyalty.templateIdShort'), from: 'sm', value: ({ template }) => template.id },
    { key: 'name', title: t('loyalty.couponName'), value: ({ template }) => itemName(template, locale) },
    {
      key: 'issued',
      title: t('loyalty.issuedCount'),
      number: true,
      value: ({ issued }) => issued,
      show: ({ issued }) => formatCount(issued),
    },
    {
      key: 'used',
      title: t('loyalty.usedCount'),
      number: true,
      value: ({ used }) => used,
      show: ({ used }) => formatCount(used),
    },
    {
      key: 'share',
      title: t('loyalty.usedShare'),
      number: true,
      value: ({ used, issued }) => (issued === 0 ? null : used / issued),
      exported: ({ used, issued }) => formatShare(used, issued),
      show: ({ used, issued }) => formatShare(used, issued) ?? '—',
    },
    {
      key: 'state',
      title: t('loyalty.state'),
      value: ({ ended }) => t(ended ? 'loyalty.ended' : 'loyalty.open'),
    },
    {
      key: 'act',
      title: '',
      value: () => '',
      show: (row) =>
        row.ended ? null : (
          <Button size="small" onClick={() => void end(row)}>
            {t('loyalty.end')}
          </Button>
        ),
    },
  ];
  return (
    <div className="split-side">
      <Card
        title={t('loyalty.coupons')}
        extra={
          <ExportButton
            name="coupons"
            rows={templates.data?.templates ?? []}
            columns={columns.slice(0, -1)}
          />
        }
        className="card-table"
      >
        <Problem error={error} />
        <Answered query={templates} rows={6}>
          {(list) => (
            <DataTable
              name="coupons"
              rows={list.templates}
              columns={columns}
              rowKey={({ template }) => template.id}
              empty={
                <Notice icon="loyalty" title={t('loyalty.noCoupons')} help={t('loyalty.noCouponsHelp')} />
              }
            />
          )}
        </Answered>
      </Card>
      <NewTemplate />
    </div>
  );
}

const BLANK = { id: '', name: '', offMinor: 1_000, fromMinor: 10_000, days: 30 };

function NewTemplate() {
  const { t } = useTranslation();
  const [draft, setDraft] = useState<{
    id: string;
    name: string;
    offMinor: number;
    fromMinor: number;
    days: number;
    issuedMax?: number;
    perMemberMax?: number;
  }>(BLANK);
  const { busy, error, send } = useSend();
  const save = async () => {
    const { id, name, offMinor, fromMinor, days, issuedMax, perMemberMax } = draft;
    const done = await send('PUT', TEMPLATES, {
      id: id.toUpperCase(),
      name,
      offer: {
        priority: 5,
        mode: 'compound',
        items: { all: true },
        ...(fromMinor > 0 ? { conditions: [{ kind: 'amount', fromMinor }] } : {}),
        reward: { kind: 'order_off', off: { amountMinor: offMinor } },
      },
      valid: { days },
      limits: {
        ...(issuedMax === undefined ? {} : { issuedMax }),
        ...(perMemberMax === undefined ? {} : { perMemberMax }),
      },
    });
    if (done === null) return;
    setDraft(BLANK);
    await refresh(TEMPLATES);
  };
  return (
    <Card title={t('loyalty.newCoupon')}>
      <div className="stack">
        <Field label={t('loyalty.templateIdShort')}>
          <Input
            value={draft.id}
            maxLength={10}
            aria-label={t('loyalty.templateId')}
            data-testid="template-id"
            onChange={(event) => setDraft({ ...draft, id: event.target.value })}
          />
        </Field>
        <Field label={t('loyalty.couponName')}>
          <Input
            value={draft.name}
            maxLength={300}
            aria-label={t('loyalty.couponName')}
            data-testid="template-name"
            onChange={(event) => setDraft({ ...draft, name: event.target.value })}
          />
        </Field>
        <div className="form-row">
          <MoneyField
            label={t('loyalty.offAmount')}
            min={1}
            value={draft.offMinor}
            onChange={(offMinor = 1) => setDraft({ ...draft, offMinor })}
          />
          <MoneyField
            label={t('loyalty.fromAmount')}
            value={draft.fromMinor}
            onChange={(fromMinor = 0) => setDraft({ ...draft, fromMinor })}
          />
          <CountField
            label={t('loyalty.validDays')}
            max={36_500}
            value={draft.days}
            onChange={(days = 1) => setDraft({ ...draft, days })}
          />
        </div>
        <div className="form-row">
          <CountField
            label={t('loyalty.issuedMax')}
            max={1_000_000_000}
            value={draft.issuedMax}
            onChange={(issuedMax) => setDraft({ ...draft, issuedMax: issuedMax as number })}
          />
          <CountField
            label={t('loyalty.perMemberMax')}
            value={draft.perMemberMax}
            onChange={(perMemberMax) => setDraft({ ...draft, perMemberMax: perMemberMax as number })}
          />
        </div>
        <Problem error={error} />
        <Button
          type="primary"
          loading={busy}
          disabled={draft.id.trim() === '' || draft.name.trim() === ''}
          onClick={() => void save()}
          data-testid="template-save"
        >
          {t('shell.save')}
        </Button>
      </div>
    </Card>
  );
}

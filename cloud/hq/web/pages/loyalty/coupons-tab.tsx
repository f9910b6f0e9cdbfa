/** Coupon templates: what is out and what came back; a new one or another wording, tried first; ending one; versions and the way back. */
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { TemplateList } from '../../../loyalty-schemas.ts';
import { madeFrom } from '../../api/client.ts';
import { answerOf, refresh } from '../../api/query-cache.ts';
import { useMay } from '../../api/session.ts';
import { useQuery } from '../../api/use-query.ts';
import { useSend } from '../../api/use-send.ts';
import { formatCount, formatShare } from '../../format/number.ts';
import { useLocale } from '../../i18n/i18n.ts';
import { Answered } from '../../parts/answered.tsx';
import { Card } from '../../parts/card.tsx';
import { type Column, DataTable, ExportButton } from '../../parts/data-table.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Problem } from '../../parts/problem.tsx';
import { useToast } from '../../parts/toast.tsx';
import { type OfferVersion, VersionsCard, versionsPath } from '../../parts/versions-card.tsx';
import { Changeable } from '../../shell/guard.tsx';
import { itemName } from '../prices/item-picker.tsx';
import { CouponForm, plain, type Template, type TemplateRow } from './coupon-form.tsx';

type Row = TemplateRow;

const TEMPLATES = '/api/v1/coupon-templates';

export function CouponsTab() {
  const { t } = useTranslation();
  const locale = useLocale();
  const templates = useQuery<z.infer<typeof TemplateList>>(TEMPLATES);
  const { error, send } = useSend();
  const form = useSend();
  const toast = useToast();
  const may = useMay();
  const [changed, setChanged] = useState<Template | null>(null);
  const again = () => Promise.all([TEMPLATES, versionsPath('coupon_template')].map(refresh));
  /** Puts a template, made from the list that is shown. */
  const put = (template: Template) => form.send('PUT', TEMPLATES, plain(template), madeFrom(templates.data));
  const putBack = async (template: Template) => {
    const headers = madeFrom(answerOf(TEMPLATES).data);
    const undone = (await form.send('PUT', TEMPLATES, plain(template), headers)) !== null;
    await again();
    if (!undone) toast({ text: t('loyalty.codesOut') });
  };
  const endNow = (id: string) => send('POST', `${TEMPLATES}/${encodeURIComponent(id)}/end`);
  const end = async ({ template }: Row) => {
    if ((await endNow(template.id)) === null) return;
    await again();
    toast({ text: t('loyalty.couponEnded', { id: template.id }), undo: () => putBack(template) });
  };
  const save = async (template: Template) => {
    const before = templates.data?.templates.find((row) => row.template.id === template.id);
    if ((await put(template)) === null) return false;
    setChanged(null);
    await again();
    const undo = async () => {
      if (before !== undefined) return putBack(before.template);
      await endNow(template.id);
      await again();
    };
    toast({ text: t('loyalty.couponSaved', { id: template.id }), undo });
    return true;
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
        may('promotions.write', 'chain') && (
          <span className="row-acts">
            {row.issued === 0 && (
              <Button
                size="small"
                onClick={() => setChanged(row.template)}
                data-testid={`change-${row.template.id}`}
              >
                {t('loyalty.change')}
              </Button>
            )}
            {!row.ended && (
              <Button size="small" onClick={() => void end(row)} data-testid={`end-${row.template.id}`}>
                {t('loyalty.end')}
              </Button>
            )}
          </span>
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
      <div className="stack">
        <Changeable right="promotions.write" hidden>
          <CouponForm
            key={changed === null ? '' : JSON.stringify(changed)}
            known={changed}
            busy={form.busy}
            error={form.error}
            onSave={save}
            onClose={() => setChanged(null)}
          />
        </Changeable>
        <VersionsCard
          kind="coupon_template"
          nameOf={({ offerId, data }) => `${offerId} · ${itemName(data as unknown as Template, locale)}`}
          {...(may('promotions.write', 'chain')
            ? { back: ({ data }: OfferVersion) => putBack(data as unknown as Template) }
            : {})}
        />
      </div>
    </div>
  );
}

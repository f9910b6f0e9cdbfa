/** Two states of one thing: the fields that differ, in the reader's words, and what was sent. Text that may name somebody is `…` in the log. */
import { useTranslation } from 'react-i18next';
import { fieldLabel, fieldValue } from '../format/field.ts';
import { useLocale } from '../i18n/i18n.ts';
import { differencesOf } from '../pages/audit/audit-entry.ts';
import { useChainCurrency } from './stores.ts';

export interface DifferencesProps {
  readonly before: unknown;
  readonly after: unknown;
  readonly sent: unknown;
}

export function Differences({ before: was, after: is, sent }: DifferencesProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const currency = useChainCurrency();
  const differences = differencesOf(was, is);
  const shown = (field: string, text: string | null) =>
    text === null ? '—' : fieldValue(field, text, { locale, currency });
  return (
    <>
      {differences.length > 0 && (
        <table className="small-table">
          <thead>
            <tr>
              <th>{t('audit.thing')}</th>
              <th>{t('audit.before')}</th>
              <th>{t('audit.after')}</th>
            </tr>
          </thead>
          <tbody>
            {differences.map(({ field, before, after }) => (
              <tr key={field}>
                <td title={field}>{fieldLabel(field, locale)}</td>
                <td className="num">{shown(field, before)}</td>
                <td className="num">{shown(field, after)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {sent !== undefined && sent !== null && (
        <details>
          <summary className="muted">{t('audit.sent')}</summary>
          <pre className="sent">{JSON.stringify(sent, null, 1)}</pre>
        </details>
      )}
    </>
  );
}

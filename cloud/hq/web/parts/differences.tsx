/** Two states of one thing: the fields that differ, and what was sent. Text that may name somebody is `…` in the log. */
import { useTranslation } from 'react-i18next';
import { differencesOf } from '../pages/audit/audit-entry.ts';

export interface DifferencesProps {
  readonly before: unknown;
  readonly after: unknown;
  readonly sent: unknown;
}

export function Differences({ before: was, after: is, sent }: DifferencesProps) {
  const { t } = useTranslation();
  const differences = differencesOf(was, is);
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
                <td>{field}</td>
                <td className="num">{before ?? '—'}</td>
                <td className="num">{after ?? '—'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {sent !== undefined && sent !== null && (
        <>
          <span className="muted">{t('audit.sent')}</span>
          <pre className="sent">{JSON.stringify(sent, null, 1)}</pre>
        </>
      )}
    </>
  );
}

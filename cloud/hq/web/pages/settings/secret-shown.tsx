/** A secret that HQ shows once: large, to be copied, with what it is for. */
import { useTranslation } from 'react-i18next';

export function SecretShown({ label, secret }: { readonly label: string; readonly secret: string }) {
  const { t } = useTranslation();
  return (
    <div className="note-box" role="status" data-testid="secret-shown">
      <p>
        {label} · {t('setting.shownOnce')}
      </p>
      <code className="big-code">{secret}</code>
    </div>
  );
}

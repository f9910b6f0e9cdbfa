/** Why an order was refused: in our words, then in HQ's with the fields at fault, and that nothing typed is lost. */
import { useTranslation } from 'react-i18next';
import type { ApiError } from '../api/client.ts';
import { Icon } from './icons.tsx';

export function Problem({ error }: { readonly error: ApiError | null }) {
  const { t } = useTranslation();
  if (error === null) return null;
  return (
    <div className="form-problem" role="alert" data-testid="form-problem">
      <Icon name="warn" />
      <div>
        <div>{t(error.kind === 'conflict' ? 'shell.conflict' : 'shell.kept')}</div>
        <div>{error.message || t(`state.${error.kind}`)}</div>
        {error.fields.length > 0 && (
          <ul>
            {error.fields.map(({ path, message }) => (
              <li key={`${path} ${message}`}>
                <code>{path}</code> {message}
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}

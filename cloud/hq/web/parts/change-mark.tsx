/** How a figure moved: sign, word for who cannot see the sign, and number. */
import { useTranslation } from 'react-i18next';
import type { Change } from '../format/number.ts';
import { Icon } from './icons.tsx';

export function ChangeMark({ change }: { readonly change: Change }) {
  const { t } = useTranslation();
  return (
    <span className={`change change-${change.direction} num`}>
      <Icon name={change.direction} />
      <span className="sr-only">{t(`change.${change.direction}`)}</span>
      {change.text}
    </span>
  );
}

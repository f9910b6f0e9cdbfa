/** Day or night, and the language: at the foot of the navigation, and where one signs in. */
import { useTranslation } from 'react-i18next';
import { LOCALES } from '../../../../src/core/item.ts';
import { chooseLocale, LOCALE_NAMES, useLocale } from '../i18n/i18n.ts';
import { chooseLook, LOOKS, useLook } from '../theme.ts';

export function Looks() {
  const { t } = useTranslation();
  const chosen = useLook();
  return (
    <fieldset className="languages" aria-label={t('shell.theme')}>
      {LOOKS.map((one) => (
        <button
          key={one}
          type="button"
          aria-pressed={one === chosen}
          data-testid={`look-${one}`}
          onClick={() => chooseLook(one)}
        >
          {t(`shell.${one}`)}
        </button>
      ))}
    </fieldset>
  );
}

export function Languages() {
  const { t } = useTranslation();
  const chosen = useLocale();
  return (
    <fieldset className="languages languages-last" aria-label={t('nav.language')}>
      {LOCALES.map((locale) => (
        <button
          key={locale}
          type="button"
          lang={locale}
          aria-pressed={locale === chosen}
          data-testid={`lang-${locale}`}
          onClick={() => chooseLocale(locale)}
        >
          {LOCALE_NAMES[locale]}
        </button>
      ))}
    </fieldset>
  );
}

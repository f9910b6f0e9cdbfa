/**
 * Consent: what a person agrees to on joining, purpose by purpose, in words that have a version (PIPL 13, 14; GDPR 7).
 *
 * Pure. A store's own text comes with its settings; without one a plain text in three languages stands in.
 */
import type { ConsentGiven } from './entry.ts';
import type { Locale } from './item.ts';
import { err, ok, type Result } from './result.ts';

export interface ConsentSettings {
  /** Another text has another version: who agreed to the old one did not agree to the new. */
  readonly version: string;
  readonly purposes: readonly ConsentPurpose[];
}

export interface ConsentPurpose {
  /** `membership`, `sms` … */
  readonly purpose: string;
  /** Without this one nobody can join. */
  readonly needed: boolean;
  readonly text: string;
  /** In other languages. */
  readonly texts?: Readonly<Partial<Record<Locale, string>>>;
}

export const DEFAULT_CONSENT: ConsentSettings = {
  version: 'default-1',
  purposes: [
    {
      purpose: 'membership',
      needed: true,
      text: '我同意本店保存我的姓名、手机号和生日，并记录我的消费，用于会员积分、等级与售后。我可以随时查询、更正或删除。',
      texts: {
        'zh-TW':
          '我同意本店保存我的姓名、手機號碼和生日，並記錄我的消費，用於會員點數、等級與售後。我可以隨時查詢、更正或刪除。',
        en: 'I agree that this shop keeps my name, phone number and birthday and records what I buy, for points, tier and after-sales service. I can see, correct or erase it at any time.',
      },
    },
    {
      purpose: 'sms',
      needed: false,
      text: '我愿意收到优惠短信，随时可以退订。',
      texts: {
        'zh-TW': '我願意收到優惠簡訊，隨時可以退訂。',
        en: 'I would like to get offers by text message. I can stop them at any time.',
      },
    },
  ],
};

/** The words to show. */
export function consentIn(settings: ConsentSettings, locale: Locale) {
  return {
    textVersion: settings.version,
    purposes: settings.purposes.map(({ purpose, needed, text, texts }) => ({
      purpose,
      text: texts?.[locale] ?? text,
      needed,
    })),
  };
}

/**
 * What is recorded of the answers: one line a purpose of the text, refusals too.
 *
 * `consent_needed`: a needed purpose was not granted, or the words have changed since they were shown.
 */
export function consentGiven(
  settings: ConsentSettings,
  textVersion: string,
  answers: readonly { readonly purpose: string; readonly granted: boolean }[],
): Result<readonly ConsentGiven[], { kind: 'consent_needed' }> {
  if (textVersion !== settings.version) return err({ kind: 'consent_needed' });
  const granted = new Set(answers.filter((answer) => answer.granted).map(({ purpose }) => purpose));
  if (settings.purposes.some(({ purpose, needed }) => needed && !granted.has(purpose))) {
    return err({ kind: 'consent_needed' });
  }
  return ok(
    settings.purposes.map(({ purpose }) => ({ purpose, textVersion, granted: granted.has(purpose) })),
  );
}

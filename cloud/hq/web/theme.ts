/**
 * The look of the console: one set of tokens by day, one by night. `styles/base.css` holds the same values for our
 * own elements; here they go to antd and to the charts.
 */
import { type ThemeConfig, theme } from 'antd';
import { useMedia } from './parts/use-media.ts';

export interface Tokens {
  readonly ground: string;
  readonly card: string;
  readonly ink: string;
  readonly muted: string;
  readonly rule: string;
  readonly accent: string;
  readonly accentSoft: string;
  readonly warn: string;
  readonly bad: string;
}

export const DAY: Tokens = {
  ground: '#f4f5f7',
  card: '#ffffff',
  ink: '#14181f',
  muted: '#667085',
  rule: '#e4e7ec',
  accent: '#0b6e4f',
  accentSoft: '#e6f4ee',
  warn: '#b54708',
  bad: '#b42318',
};

export const NIGHT: Tokens = {
  ground: '#0e1116',
  card: '#171b22',
  ink: '#e8ebf0',
  muted: '#98a2b3',
  rule: '#2a303a',
  accent: '#4cc79a',
  accentSoft: '#14352b',
  warn: '#f5a55a',
  bad: '#f97066',
};

export const FONTS = "'Noto Sans TC', 'Noto Sans SC', system-ui, sans-serif";
/** SC first, or a text in simplified Chinese would take the glyphs it shares with TC from there. */
export const FONTS_SC = "'Noto Sans SC', system-ui, sans-serif";

export function themeOf(dark: boolean, fontFamily: string): ThemeConfig {
  const tokens = dark ? NIGHT : DAY;
  return {
    algorithm: dark ? theme.darkAlgorithm : theme.defaultAlgorithm,
    token: {
      colorPrimary: tokens.accent,
      colorLink: tokens.accent,
      colorError: tokens.bad,
      colorWarning: tokens.warn,
      colorText: tokens.ink,
      colorTextDescription: tokens.muted,
      colorBgLayout: tokens.ground,
      colorBgContainer: tokens.card,
      // At night what floats is lighter than what it covers: a shadow is not seen there.
      colorBgElevated: dark ? '#20262f' : tokens.card,
      colorBorder: tokens.rule,
      colorBorderSecondary: tokens.rule,
      borderRadius: 8,
      borderRadiusLG: 12,
      controlHeight: 36,
      fontSize: 14,
      fontFamily,
      motionDurationMid: '0.12s',
      motionDurationSlow: '0.14s',
    },
    components: {
      DatePicker: { cellActiveWithRangeBg: tokens.accentSoft },
      Table: {
        headerBg: 'transparent',
        headerColor: tokens.muted,
        headerSplitColor: 'transparent',
        headerSortActiveBg: 'transparent',
        headerSortHoverBg: 'transparent',
        bodySortBg: 'transparent',
        rowHoverBg: dark ? '#1d222b' : '#f9fafb',
        cellPaddingBlockMD: 10,
        cellPaddingInlineMD: 12,
      },
    },
  };
}

/** Follows the system, also while the page is open. */
export function useDark(): boolean {
  return useMedia('(prefers-color-scheme: dark)');
}

export function useTokens(): Tokens {
  return useDark() ? NIGHT : DAY;
}

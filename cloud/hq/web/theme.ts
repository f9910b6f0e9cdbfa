/**
 * The look of the console: one set of tokens by day, one by night. `styles/base.css` holds the same values for our
 * own elements; here they go to antd and to the charts.
 */
import { type ThemeConfig, theme } from 'antd';
import { useSyncExternalStore } from 'react';
import { useMedia, usePrinting } from './parts/use-media.ts';

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
  /** Series of charts, told apart by people who see no red or no green (Okabe and Ito, 2008), adjusted to the ground. */
  readonly series: readonly string[];
}

export const DAY: Tokens = {
  ground: '#f4f5f7',
  card: '#ffffff',
  ink: '#14181f',
  muted: '#5d6678',
  rule: '#e4e7ec',
  accent: '#0b6e4f',
  accentSoft: '#e6f4ee',
  warn: '#b54708',
  bad: '#b42318',
  series: ['#0b6e4f', '#e69f00', '#0072b2', '#cc79a7', '#56b4e9', '#d55e00', '#7a6a00', '#8a8f99'],
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
  series: ['#4cc79a', '#f0b93a', '#5aa9e0', '#e29ac2', '#9ad4f5', '#f08a4b', '#d8cf6a', '#a9aeb8'],
};

export const FONTS = "'Noto Sans TC', 'Noto Sans SC', system-ui, sans-serif";
/** SC first, or a text in simplified Chinese would take the glyphs it shares with TC from there. */
export const FONTS_SC = "'Noto Sans SC', system-ui, sans-serif";

/**
 * @param accent  the house's own; null: ours
 * @param motion  false for who asked the system for less of it
 */
export function themeOf(
  dark: boolean,
  fontFamily: string,
  accent: Pick<Tokens, 'accent' | 'accentSoft'> | null = null,
  motion = true,
): ThemeConfig {
  const tokens = { ...(dark ? NIGHT : DAY), ...accent };
  return {
    algorithm: dark ? theme.darkAlgorithm : theme.defaultAlgorithm,
    token: {
      colorPrimary: tokens.accent,
      colorLink: tokens.accent,
      colorError: tokens.bad,
      colorWarning: tokens.warn,
      colorText: tokens.ink,
      colorTextDescription: tokens.muted,
      colorTextPlaceholder: tokens.muted,
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
      motion,
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

export const LOOKS = ['auto', 'light', 'dark'] as const;
export type Look = (typeof LOOKS)[number];

const KEY = 'counterfoil.hq.look';
const listeners = new Set<() => void>();

/** What was chosen in this browser; `auto` follows the system. */
export function look(): Look {
  const kept = localStorage.getItem(KEY);
  return LOOKS.find((one) => one === kept) ?? 'auto';
}

export function chooseLook(chosen: Look): void {
  localStorage.setItem(KEY, chosen);
  applyLook();
  for (const listener of listeners) listener();
}

/** Tells the style sheets. */
export function applyLook(): void {
  const chosen = look();
  if (chosen === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = chosen;
}

export function useLook(): Look {
  return useSyncExternalStore(subscribe, look);
}

/** Also while the page is open. Never on paper: ink is black there. */
export function useDark(): boolean {
  const printing = usePrinting();
  const system = useMedia('(prefers-color-scheme: dark)');
  const chosen = useLook();
  return !printing && (chosen === 'auto' ? system : chosen === 'dark');
}

export function useTokens(): Tokens {
  return useDark() ? NIGHT : DAY;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

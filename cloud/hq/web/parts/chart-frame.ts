/** What the console's curves and bars have in common: their frame, and the two lines of now and before. Pure. */
import type { LineSeriesOption } from 'echarts/charts';
import type { Tokens } from '../theme.ts';
import type { ChartOption } from './chart-kit.ts';

export interface FrameFacts {
  readonly names: readonly string[];
  /** Words at the left axis. */
  readonly axis?: (value: number) => string;
  /** HTML of our own words and numbers, never of what somebody typed. */
  readonly tip?: (index: number) => string;
  /** Curves begin at the edge, bars do not. */
  readonly curve?: boolean;
  readonly splits?: number;
  /** Whole things: no half coupon on the axis. */
  readonly whole?: boolean;
}

export function chartFrame(tokens: Tokens, facts: FrameFacts): ChartOption {
  const { names, axis, tip, curve = false, splits, whole = false } = facts;
  return {
    grid: {
      left: 8,
      // A curve goes to the edge, and half the name of its last point beyond it.
      right: curve && names.some((name) => name.length > 6) ? 36 : 16,
      top: 16,
      bottom: 4,
      outerBoundsMode: 'same',
      outerBoundsContain: 'axisLabel',
    },
    tooltip: {
      trigger: 'axis',
      backgroundColor: tokens.card,
      borderColor: tokens.rule,
      textStyle: { color: tokens.ink, fontSize: 13 },
      transitionDuration: 0,
      ...(tip === undefined
        ? {}
        : {
            formatter: (points: { dataIndex: number } | { dataIndex: number }[]) =>
              tip((Array.isArray(points) ? points[0] : points)!.dataIndex),
          }),
    },
    xAxis: {
      type: 'category',
      boundaryGap: !curve,
      data: [...names],
      axisLine: { lineStyle: { color: tokens.rule } },
      axisTick: { show: false },
      axisLabel: { color: tokens.muted, hideOverlap: true },
    },
    yAxis: {
      type: 'value',
      ...(splits === undefined ? {} : { splitNumber: splits }),
      ...(whole ? { minInterval: 1 } : {}),
      splitLine: { lineStyle: { color: tokens.rule } },
      axisLabel: { color: tokens.muted, ...(axis === undefined ? {} : { formatter: axis }) },
    },
  };
}

/** The line that counts: filled below. */
export function nowLine(tokens: Tokens): LineSeriesOption {
  return {
    type: 'line',
    animation: false,
    lineStyle: { color: tokens.accent, width: 2.5 },
    itemStyle: { color: tokens.accent },
    areaStyle: { color: tokens.accent, opacity: 0.09 },
  };
}

/** What it is compared with: dashed, so that it is told apart without its colour. */
export function beforeLine(tokens: Tokens): LineSeriesOption {
  return {
    type: 'line',
    animation: false,
    showSymbol: false,
    lineStyle: { color: tokens.muted, width: 1.5, type: 'dashed', opacity: 0.7 },
    itemStyle: { color: tokens.muted },
  };
}

/**
 * The parts of ECharts that the console draws with, and a chart that keeps to the size of its place.
 */
import {
  BarChart,
  type BarSeriesOption,
  LineChart,
  type LineSeriesOption,
  SankeyChart,
  type SankeySeriesOption,
  ScatterChart,
  type ScatterSeriesOption,
} from 'echarts/charts';
import {
  GridComponent,
  type GridComponentOption,
  TooltipComponent,
  type TooltipComponentOption,
} from 'echarts/components';
import { type ComposeOption, init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';

export type ChartOption = ComposeOption<
  | BarSeriesOption
  | LineSeriesOption
  | SankeySeriesOption
  | ScatterSeriesOption
  | GridComponentOption
  | TooltipComponentOption
>;

export interface ChartView {
  readonly show: (option: ChartOption) => void;
  readonly dispose: () => void;
}

use([BarChart, LineChart, SankeyChart, ScatterChart, GridComponent, TooltipComponent, SVGRenderer]);

export function makeChart(place: HTMLElement, onPick: (index: number) => void): ChartView {
  const chart = init(place, null, { renderer: 'svg' });
  // Paper is narrower than the window it is printed from: with a view box what was drawn shrinks instead of being cut.
  const box = () =>
    place.querySelector('svg')?.setAttribute('viewBox', `0 0 ${chart.getWidth()} ${chart.getHeight()}`);
  const sizes = new ResizeObserver(() => {
    chart.resize();
    box();
  });
  sizes.observe(place);
  chart.getZr().on('click', ({ offsetX, offsetY }) => {
    // A flow has no grid to point into.
    if (chart.getOption()?.grid === undefined || !chart.containPixel('grid', [offsetX, offsetY])) return;
    const [index] = chart.convertFromPixel({ gridIndex: 0 }, [offsetX, offsetY]) as [number, number];
    onPick(index);
  });
  return {
    show: (option) => {
      // The page's own fonts: without them a fresh machine writes boxes for Chinese.
      const { fontFamily } = getComputedStyle(place);
      chart.setOption({ ...option, textStyle: { fontFamily } }, { notMerge: true });
      box();
    },
    dispose: () => {
      sizes.disconnect();
      chart.dispose();
    },
  };
}

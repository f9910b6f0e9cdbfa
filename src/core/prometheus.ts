/**
 * Metrics as Prometheus reads them (text format 0.0.4).
 *
 * Pure. Names close with their unit. Labels name tills, routes and jobs, never people.
 */

export interface Metric {
  readonly name: string;
  readonly help: string;
  readonly type: 'gauge' | 'counter';
  readonly values: readonly MetricValue[];
}

export interface MetricValue {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

export const PROMETHEUS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

export function gauge(name: string, help: string, value: number | readonly MetricValue[]): Metric {
  return { name, help, type: 'gauge', values: typeof value === 'number' ? [{ value }] : value };
}

export function counter(name: string, help: string, value: number | readonly MetricValue[]): Metric {
  return { ...gauge(name, help, value), type: 'counter' };
}

/** Metrics without a value are left out. */
export function prometheusText(metrics: readonly Metric[]): string {
  return metrics
    .filter(({ values }) => values.length > 0)
    .map(
      ({ name, help, type, values }) =>
        `# HELP ${name} ${escaped(help, false)}\n# TYPE ${name} ${type}\n${values.map((value) => line(name, value)).join('')}`,
    )
    .join('');
}

function line(name: string, { labels = {}, value }: MetricValue): string {
  const texts = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text, true)}"`);
  const place = texts.length === 0 ? '' : `{${texts.join(',')}}`;
  return `${name}${place} ${Number.isFinite(value) ? value : 'NaN'}\n`;
}

function escaped(text: string, quotes: boolean): string {
  const plain = text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
  return quotes ? plain.replaceAll('"', '\\"') : plain;
}

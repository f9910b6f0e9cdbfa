import { expect, test } from 'vitest';
import { counter, gauge, prometheusText } from '../../src/core/prometheus.ts';

test('a gauge, a counter with labels that need escaping, and one without values', () => {
  const text = prometheusText([
    gauge('shop_queue_entries', 'Entries\nthat wait.', 3),
    counter('shop_requests_total', 'Asked.', [
      { labels: { route: '/a"b\\c\nd', status: '200' }, value: 7 },
      { value: Number.POSITIVE_INFINITY },
    ]),
    gauge('shop_nothing', 'None.', []),
  ]);
  expect(text).toBe(
    [
      '# HELP shop_queue_entries Entries\\nthat wait.',
      '# TYPE shop_queue_entries gauge',
      'shop_queue_entries 3',
      '# HELP shop_requests_total Asked.',
      '# TYPE shop_requests_total counter',
      'shop_requests_total{route="/a\\"b\\\\c\\nd",status="200"} 7',
      'shop_requests_total NaN',
      '',
    ].join('\n'),
  );
});

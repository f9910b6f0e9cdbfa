/**
 * What the customer's page shows: one sale, from nobody to thanks.
 */
import { qrSvg } from '../../src/devices/qr-svg.ts';
import type { CustomerView } from '../../src/till/api-customer.ts';
import { LINES } from './stage-views.ts';

const lines = LINES.map(({ lineNo, name, qty, weightG, unitPriceMinor, netMinor, grossMinor }) => ({
  lineNo,
  name,
  qty: qty ?? 1,
  weightG: weightG ?? null,
  unitPriceMinor,
  netMinor,
  savedMinor: grossMinor - netMinor,
}));
const totalMinor = lines.reduce((sum, { netMinor }) => sum + netMinor, 0);
const savedMinor = lines.reduce((sum, line) => sum + line.savedMinor, 0);

const SELLING: CustomerView = {
  phase: 'selling',
  locale: 'zh-CN',
  storeName: '南京西路店',
  currency: { code: 'CNY', digits: 2, symbol: '￥' },
  lines,
  touchedLineNo: 3,
  pieces: 6,
  totalMinor,
  savedMinor,
  dueMinor: totalMinor,
  paidMinor: 0,
  changeMinor: 0,
  earnPoints: 281,
  ask: null,
  payQrSvg: null,
  training: false,
  hasIdlePicture: false,
};

export const CUSTOMER_SCENES: readonly (readonly [string, CustomerView])[] = [
  ['idle', { ...SELLING, phase: 'idle', lines: [], pieces: 0, totalMinor: 0, savedMinor: 0, dueMinor: 0 }],
  ['selling', SELLING],
  ['selling-many', { ...SELLING, lines: many(30), touchedLineNo: 120, training: true }],
  [
    'paying-qr',
    {
      ...SELLING,
      phase: 'paying',
      ask: 'show_code',
      payQrSvg: qrSvg('https://pay.example/NJ01'),
      paidMinor: 5_000,
      dueMinor: totalMinor - 5_000,
    },
  ],
  ['paying-card', { ...SELLING, phase: 'paying', ask: 'use_terminal' }],
  ['done', { ...SELLING, phase: 'done', dueMinor: 0, paidMinor: totalMinor + 1_890, changeMinor: 1_890 }],
  ['done-exact', { ...SELLING, phase: 'done', dueMinor: 0, paidMinor: totalMinor, savedMinor: 0 }],
  [
    'done-refund',
    {
      ...SELLING,
      phase: 'done',
      lines: [],
      totalMinor: -1_500,
      savedMinor: 0,
      dueMinor: 0,
      paidMinor: -1_500,
    },
  ],
];

function many(times: number): CustomerView['lines'] {
  return Array.from({ length: times }, () => lines)
    .flat()
    .map((line, index) => ({ ...line, lineNo: index + 1 }));
}

/**
 * `counterfoil/client`: HQ's API for programs.
 */
export type * from './api.ts';
export {
  type Ask,
  type Hq,
  type HqOptions,
  HqProblem,
  type ListRoute,
  openHq,
  type Route,
  type RowOf,
  type Told,
} from './client.ts';
export { SIGNATURE_HEADER, verifySignature } from './signature.ts';
export { readWebhook, type WebhookEvent } from './webhook.ts';

/** What is wrong with a till, as the pages read it. */
export interface TillAlert {
  readonly alertId: string;
  readonly tillId: string | null;
  readonly tillCode: string | null;
  readonly storeId: string | null;
  readonly kind: string;
  readonly lastAtMs: number;
  readonly times: number;
}

export const TILL_ALERTS = '/api/v1/till-alerts?open=true';

/** What is wrong with a till, as the pages read it. */
export interface TillAlert {
  readonly alertId: string;
  readonly tillId: string | null;
  readonly tillCode: string | null;
  readonly storeId: string | null;
  readonly kind: string;
  /** By kind; `seq`: the entry of the till's journal that it is about, `message`: what went wrong, for support. */
  readonly detail: { readonly seq?: unknown; readonly message?: unknown };
  readonly lastAtMs: number;
  readonly times: number;
}

export const TILL_ALERTS = '/api/v1/till-alerts?open=true';

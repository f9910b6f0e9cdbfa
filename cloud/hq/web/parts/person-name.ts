/** Who stood at a till: the name and the number that receipts print, or the number alone of somebody whom HQ does not know. Pure. */
export function personName(by: { readonly cashierId: string; readonly cashierName: string | null }): string {
  return by.cashierName === null ? by.cashierId : `${by.cashierName} · ${by.cashierId}`;
}

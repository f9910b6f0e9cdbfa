/** The address of a member in the API. */
export function memberPath(memberId: string): string {
  return `/api/v1/members/${encodeURIComponent(memberId)}`;
}

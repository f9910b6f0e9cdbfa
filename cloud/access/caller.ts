/**
 * Who asks HQ: the owner (the token of the data folder, or this machine with `--open-on-loopback`), a console user in a
 * session, or a program with an API token. Each comes with its rights and the stores that it is for.
 */
import { RIGHTS, type Right, type StoreScope } from './rights.ts';

export interface Caller {
  readonly kind: 'owner' | 'user' | 'token';
  /** User id or token id; `owner`. */
  readonly id: string;
  /** What the audit log calls them: a login or a token's name, no personal data. */
  readonly name: string;
  readonly rights: ReadonlySet<Right>;
  readonly stores: StoreScope;
}

export const OWNER: Caller = {
  kind: 'owner',
  id: 'owner',
  name: 'owner',
  rights: new Set(RIGHTS),
  stores: null,
};

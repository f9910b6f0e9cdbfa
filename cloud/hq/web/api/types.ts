/**
 * What the console calls the shapes of `/api/v1`. Types only: the schemas themselves stay at the server.
 */
import type { StoreList } from '../../schemas.ts';

export type Store = StoreList['stores'][number];

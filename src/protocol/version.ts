/** Protocol version: what a till says in `hello`, and what a cloud still speaks. */

/**
 * 2 adds leases; 3 adds what the cloud signs, and journals that follow one another; 4 adds entries in columns. Both sides speak the older one with an
 * older peer: everything else goes on as before.
 */
export const PROTOCOL_VERSION = 4;
export const PROTOCOL_VERSION_MIN = 1;
/** From here on `lease`, `grant`, `refused` and `recall` may be said. */
export const LEASES_SINCE = 2;
/** From here on the cloud proves itself, signs heads and grants, and `probe` and `heads` may be said. */
export const PROOF_SINCE = 3;
/** From here on the entries of a push may come in columns. */
export const COLUMNS_SINCE = 4;
/** Path of the sync WebSocket at the cloud. */
export const SYNC_PATH = '/sync';
/** WebSocket subprotocol, so that a foreign client is told at once that it is in the wrong place. */
export const SYNC_SUBPROTOCOL = 'counterfoil-sync';

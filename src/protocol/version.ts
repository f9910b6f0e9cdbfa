/** Protocol version: what a till says in `hello`, and what a cloud still speaks. */

export const PROTOCOL_VERSION = 1;
export const PROTOCOL_VERSION_MIN = 1;
/** Path of the sync WebSocket at the cloud. */
export const SYNC_PATH = '/sync';
/** WebSocket subprotocol, so that a foreign client is told at once that it is in the wrong place. */
export const SYNC_SUBPROTOCOL = 'counterfoil-sync';

/**
 * Limits: how much one frame may hold. The cloud sends its own in `welcome`; a slow cloud sends smaller ones.
 */

export interface Limits {
  /** Entries in one push. */
  readonly batchEntriesMax: number;
  /** Bytes of entry text in one push, before compression; a single larger entry still travels alone. */
  readonly batchBytesMax: number;
  /** Rows in one feed message. */
  readonly feedRowsMax: number;
}

export const DEFAULT_LIMITS: Limits = { batchEntriesMax: 500, batchBytesMax: 2_000_000, feedRowsMax: 2_000 };

/** A frame on the wire. Larger ones close the connection: nothing of ours comes near. */
export const FRAME_BYTES_MAX = 8 * 1024 * 1024;
/** A frame unpacked: the guard against a small frame that unpacks to fill the memory. */
export const MESSAGE_BYTES_MAX = 64 * 1024 * 1024;
/** A frame unpacked before its sender has proved who it is: a `hello` is far smaller. */
export const HELLO_BYTES_MAX = 64 * 1024;
/** Journals of one till that followed one another: a disk that goes back in time more often is thrown away. */
export const JOURNALS_MAX = 64;
/** Hashes in one answer to `probe`. */
export const PROBE_HASHES_MAX = 500;
/** Entries in one push, whoever sends it. */
export const PUSH_ENTRIES_MAX = 10_000;
/** A journal entry's text: a sale of 2,000 lines with long names stays below. */
export const ENTRY_BYTES_MAX = 4 * 1024 * 1024;
/** A person's data as JSON text: a name, a phone number, a birthday. */
export const PERSONAL_CHARS_MAX = 4_096;

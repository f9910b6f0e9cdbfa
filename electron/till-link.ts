/**
 * What shell and till process say to each other.
 */

/** To the till process. */
export type ToTill =
  | {
      readonly do: 'start';
      readonly folder: string;
      readonly port: number;
      readonly token: string;
      /** Hex of 32 bytes, out of the system's own safe; null: the till keeps its key in a file. */
      readonly keyHex: string | null;
      /** A one-time code of HQ, for a folder that is no till yet. */
      readonly enrol: { readonly cloudUrl: string; readonly code: string } | null;
    }
  | { readonly do: 'stop' };

/** From the till process. */
export type FromTill =
  | { readonly is: 'ready'; readonly address: string; readonly customerAddress: string }
  /** `busy`: something is on the counter or is being paid. */
  | { readonly is: 'counter'; readonly shiftOpen: boolean; readonly busy: boolean }
  | { readonly is: 'log'; readonly text: string }
  /** It cannot start, and a person has to do something. */
  | { readonly is: 'failed'; readonly words: string };

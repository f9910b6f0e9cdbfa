/**
 * ESC/POS events: what a byte stream tells a receipt printer, one event a command or run of text.
 *
 * Names follow the events of the shared dumps, so that a test compares them one to one. `n` is the raw parameter.
 */

export type PrinterEvent =
  /** Printed characters. `han`: read in two-byte mode, where all but ASCII is two columns wide. */
  | { readonly op: 'text'; readonly value: string; readonly han: boolean }
  | { readonly op: FlagOp }
  | { readonly op: NumberOp; readonly n: number }
  | { readonly op: 'multibyte'; readonly on: boolean }
  | { readonly op: 'multibyte_spacing'; readonly args: readonly number[] }
  | { readonly op: 'char_size'; readonly width: number; readonly height: number }
  | { readonly op: 'pulse'; readonly m: number; readonly t1: number; readonly t2: number }
  /** `feed` in motion units; absent for the older forms without it. */
  | { readonly op: 'cut'; readonly mode: 'full' | 'partial'; readonly feed?: number }
  /** `system` 0-6: data ended by NUL; 65 and up: data with its length. One character a byte. */
  | { readonly op: 'barcode'; readonly system: number; readonly data: string }
  /** GS ( k: `symbol` 49 QR code, 48 PDF417. `data` when it stores, `args` for its settings. */
  | {
      readonly op: 'gs_paren';
      readonly group: string;
      readonly len: number;
      readonly symbol?: number;
      readonly fn?: number;
      readonly args?: readonly number[];
      readonly data?: string;
      readonly bytes?: Uint8Array;
    }
  | { readonly op: 'gs8'; readonly group: string; readonly len: number; readonly bytes: Uint8Array }
  | { readonly op: 'fs_paren'; readonly group: string; readonly args: readonly number[] }
  /** GS v 0: one bit a dot, `widthBytes` bytes a row. `mode` bit 0 doubles the width, bit 1 the height. */
  | {
      readonly op: 'raster';
      readonly mode: number;
      readonly widthBytes: number;
      readonly height: number;
      readonly bytes: Uint8Array;
    }
  /** ESC *: columns from the left, 1 or 3 bytes each, top bit first. */
  | { readonly op: 'bit_image'; readonly mode: number; readonly columns: number; readonly bytes: Uint8Array }
  /** DLE EOT n: the printer is asked how it is, even when it is offline. */
  | { readonly op: 'status_request'; readonly n: number }
  /** GS ( H 30 30: the printer is asked to answer with `id` once all before it is on paper. */
  | { readonly op: 'proof_request'; readonly id: string }
  /** A command that changes nothing on the paper. `known` false: nobody's command, its length is a guess. */
  | {
      readonly op: 'other';
      readonly name: string;
      readonly args: readonly number[];
      readonly known?: false;
    }
  /** A control byte that starts no command; it prints nothing. */
  | { readonly op: 'control'; readonly byte: number };

export type FlagOp = 'init' | 'lf' | 'cr' | 'tab' | 'form_feed' | 'line_spacing_default';

export type NumberOp =
  | 'align'
  | 'area_width'
  | 'auto_status'
  | 'barcode_height'
  | 'barcode_width'
  | 'bold'
  | 'char_spacing'
  | 'codepage'
  | 'double_strike'
  | 'feed_dots'
  | 'feed_lines'
  | 'font'
  | 'hri_font'
  | 'hri_position'
  | 'invert'
  | 'line_spacing'
  | 'margin_left'
  | 'multibyte_code'
  | 'multibyte_mode'
  | 'multibyte_quad'
  | 'multibyte_underline'
  | 'position_abs'
  | 'position_rel'
  | 'print_mode'
  | 'transmit_id'
  | 'transmit_status'
  | 'underline'
  | 'upside_down';

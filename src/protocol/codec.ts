/**
 * Frames: one message as JSON text, packed by zstd.
 *
 * Level 1, per frame, ours: permessage-deflate is eight times slower and takes fourteen times the memory.
 */
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { z } from 'zod';
import { err, ok, type Result } from '../core/result.ts';
import { FRAME_BYTES_MAX, MESSAGE_BYTES_MAX } from './limits.ts';

export type FrameError =
  | { readonly kind: 'frame_too_large'; readonly bytes: number; readonly bytesMax: number }
  | { readonly kind: 'not_zstd' }
  | { readonly kind: 'not_json' }
  | { readonly kind: 'not_protocol'; readonly what: string };

/** With a checksum: a bit that flips on a plain line must not become another price. */
const ZSTD = { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 1 };
/**
 * Room that zlib takes for what comes out. Its own choice, 32 kB for a pong of 100 bytes too, makes the collector look through
 * the whole heap after every few thousand frames.
 */
const ROOM_BYTES = { min: 1_024, max: 1_024 * 1_024 };

export function encodeFrame(message: object): Uint8Array {
  const bytes = Buffer.from(JSON.stringify(message), 'utf8');
  return zstdCompressSync(bytes, { params: ZSTD, chunkSize: roomFor(bytes.length >> 1) });
}

function roomFor(bytes: number): number {
  return Math.min(Math.max(bytes, ROOM_BYTES.min), ROOM_BYTES.max);
}

/**
 * Reads a frame of the given kind of messages; whatever the bytes are, the answer is a value.
 *
 * @param bytesMax of the message unpacked; less for who has not said hello
 */
export function decodeFrame<T>(
  bytes: Uint8Array,
  schema: z.ZodType<T>,
  bytesMax = MESSAGE_BYTES_MAX,
): Result<T, FrameError> {
  if (bytes.length > FRAME_BYTES_MAX) {
    return err({ kind: 'frame_too_large', bytes: bytes.length, bytesMax: FRAME_BYTES_MAX });
  }
  let text: string;
  try {
    text = zstdDecompressSync(bytes, {
      maxOutputLength: bytesMax,
      chunkSize: roomFor(bytes.length * 4),
    }).toString('utf8');
  } catch (cause) {
    const tooLarge = (cause as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE';
    return err(tooLarge ? { kind: 'frame_too_large', bytes: bytesMax, bytesMax } : { kind: 'not_zstd' });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return err({ kind: 'not_json' });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return ok(parsed.data);
  const issue = parsed.error.issues[0];
  return err({
    kind: 'not_protocol',
    what: `${issue?.path.join('.') || 'message'}: ${issue?.message ?? 'unknown'}`,
  });
}

/**
 * Time-based one-time codes: RFC 6238 over RFC 4226, as every authenticator app reckons them: SHA-1, six digits, steps of
 * 30 s. And the recovery codes for a phone that is lost.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

export const TOTP_STEP_MS = 30_000;
/** A phone's clock may be one step off, either way. */
const STEPS_AROUND = 1;
export const RECOVERY_CODES = 10;

export interface TotpOptions {
  readonly digits?: number;
  readonly algorithm?: 'sha1' | 'sha256' | 'sha512';
}

/** The code of a step (`floor(ms / 30000)`). Source: RFC 4226 section 5.3. */
export function totpAt(
  secret: Uint8Array,
  step: number,
  { digits = 6, algorithm = 'sha1' }: TotpOptions = {},
): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac(algorithm, secret).update(counter).digest();
  const at = mac.at(-1)! & 0x0f;
  const value = mac.readUInt32BE(at) & 0x7fffffff;
  return String(value % 10 ** digits).padStart(digits, '0');
}

/**
 * @param afterStep  the last step whose code was taken: it and those before are used up
 * @returns          the step that the code is of, null when it fits none
 */
export function totpStepOf(
  secret: Uint8Array,
  code: string,
  { nowMs, afterStep }: { readonly nowMs: number; readonly afterStep: number },
): number | null {
  const given = Buffer.from(code.replaceAll(/\s/g, ''));
  const now = Math.floor(nowMs / TOTP_STEP_MS);
  for (let step = Math.max(now - STEPS_AROUND, afterStep + 1); step <= now + STEPS_AROUND; step++) {
    const right = Buffer.from(totpAt(secret, step));
    if (given.length === right.length && timingSafeEqual(given, right)) return step;
  }
  return null;
}

/** What an authenticator app reads from a QR code. Source: Google Authenticator wiki, Key URI Format. */
export function totpUrl(secret: string, login: string): string {
  const label = encodeURIComponent(`Counterfoil:${login}`);
  return `otpauth://totp/${label}?secret=${secret}&issuer=Counterfoil&algorithm=SHA1&digits=6&period=30`;
}

// ---- recovery codes ----

/** Ten codes of ten letters and digits, 50 bits each. @param bytes 100 bytes of chance */
export function recoveryCodes(bytes: Uint8Array): string[] {
  return Array.from({ length: RECOVERY_CODES }, (_, index) => {
    const letters = Array.from(bytes.subarray(index * 10, index * 10 + 10), (byte) => BASE32[byte & 31]!);
    return `${letters.slice(0, 5).join('')}-${letters.slice(5).join('')}`;
  });
}

export function recoveryHash(code: string): string {
  const plain = code.toUpperCase().replaceAll(/[^A-Z2-7]/g, '');
  return createHash('sha256').update(`recovery:${plain}`).digest('hex');
}

// ---- base32: RFC 4648 section 6, without padding ----

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

export function toBase32(bytes: Uint8Array): string {
  let text = '';
  let value = 0;
  let bits = 0;
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += BASE32[(value >>> bits) & 31];
    }
    value &= (1 << bits) - 1;
  }
  return bits === 0 ? text : text + BASE32[(value << (5 - bits)) & 31];
}

/** @returns null when the text is no base32 */
export function fromBase32(text: string): Uint8Array | null {
  const bytes: number[] = [];
  let value = 0;
  let bits = 0;
  for (const sign of text.toUpperCase()) {
    const five = BASE32.indexOf(sign);
    if (five < 0) return null;
    value = (value << 5) | five;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push(value >>> bits);
    }
    value &= (1 << bits) - 1;
  }
  return Uint8Array.from(bytes);
}

/** Serials that nobody guesses and everybody can read out: Crockford's alphabet, five bits a sign. */
import { randomBytes } from 'node:crypto';

const SIGNS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

export function serial(length: number): string {
  return Array.from(randomBytes(length), (byte) => SIGNS[byte & 31]).join('');
}

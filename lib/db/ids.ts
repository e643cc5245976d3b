import { createHash, randomBytes } from 'node:crypto'

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'

/** A random identifier of 100 bits: lower-case, safe in a link, in a file name and read aloud. */
export function newId(): string {
  return Array.from(randomBytes(20), (byte) => ALPHABET[byte & 31]).join('')
}

/** SHA-256, hexadecimal. Secrets of high entropy are stored as this. */
export function sha256Hex(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

import { randomBytes } from 'node:crypto'
import { crc32 } from 'node:zlib'

const PREFIX = 'oom_'
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const SECRET_LENGTH = 32
const CHECK_LENGTH = 6

/** `oom_`, 32 random letters and digits (190 bits), and a checksum that tells a mistyped token from an unknown one. */
export function newTokenText(): string {
  let secret = ''
  while (secret.length < SECRET_LENGTH) {
    for (const byte of randomBytes(SECRET_LENGTH)) {
      // 248 is the largest multiple of 62 in a byte: beyond it letters would not be equally likely.
      if (byte < 248 && secret.length < SECRET_LENGTH) secret += ALPHABET[byte % 62]
    }
  }
  return PREFIX + secret + checksum(secret)
}

/** True when the text has the shape and checksum of a token; whether it is known is another question. */
export function isTokenText(text: string): boolean {
  const body = text.slice(PREFIX.length)
  if (!text.startsWith(PREFIX) || !/^[0-9A-Za-z]{38}$/.test(body)) return false
  return body.slice(SECRET_LENGTH) === checksum(body.slice(0, SECRET_LENGTH))
}

function checksum(secret: string): string {
  let rest = crc32(secret)
  let text = ''
  for (let digit = 0; digit < CHECK_LENGTH; digit += 1) {
    text = ALPHABET.charAt(rest % 62) + text
    rest = Math.floor(rest / 62)
  }
  return text
}

import type { Bytes } from '@/lib/units'

/** A plain number in any locale's spelling ("2.33", "2,33"); null for everything else, `nan` and `-` included. */
export function parseNumber(text: string | undefined): number | null {
  return text !== undefined && /^-?\d+(?:[.,]\d+)?$/.test(text) ? Number(text.replace(',', '.')) : null
}

const POWERS: Record<string, number> = { '': 0, k: 1, m: 2, g: 3, t: 4, p: 5, e: 6 }

/**
 * A size with an optional suffix: "9176", "3.1g", "23Gi", "512.0k", "0B".
 *
 * @param unitBytes what a number without a suffix counts
 * @param base of the suffixes
 */
export function parseSize(text: string | undefined, unitBytes: Bytes, base: 1000 | 1024 = 1024): Bytes | null {
  const size = /^(\d+(?:[.,]\d+)?)(?:([KkMmGgTtPpEe])i?B?|(B))?$/.exec(text ?? '')
  if (!size) return null
  const [, digits = '', suffix, bare] = size
  const value = Number(digits.replace(',', '.'))
  if (bare) return value
  const power = suffix ? POWERS[suffix.toLowerCase()] : undefined
  return power === undefined ? value * unitBytes : value * base ** power
}

export const KIB: Bytes = 1024
export const MIB: Bytes = 1024 ** 2
export const GIB: Bytes = 1024 ** 3

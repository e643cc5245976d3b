import { type Bytes, formatCount } from '@/lib/units'

/** From 0 to `max`; ticks ascending, none at 0. `shortLabel` leaves the unit out, for narrow screens. */
export interface ValueScale {
  max: number
  /** Words the axis carries at its foot or in its first label, e.g. `MiB/s`; null when labels carry it. */
  unit: string | null
  ticks: { value: number; label: string; shortLabel: string }[]
}

const NBSP = '\u00a0'
const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const

/** The unit in which a series up to `max` reads best, and its size in bytes. */
export function byteUnit(max: Bytes): { name: string; size: Bytes } {
  let step = 0
  while (step < UNITS.length - 1 && max >= 4 * 1024 ** (step + 1)) step += 1
  return { name: UNITS[step] ?? 'B', size: 1024 ** step }
}

/** A figure in a known unit: "196.1", "0.8", "1,024". */
export function formatInUnit(bytes: Bytes, size: Bytes): string {
  const value = bytes / size
  return Math.abs(value) >= 1000 ? formatCount(Math.round(value)) : value.toFixed(1)
}

/** Ticks at powers of two of a unit: at most four below or at `max`. */
export function byteScale(max: Bytes, suffix = ''): ValueScale {
  // Nothing to measure by: a tick would be a number that is not in the data.
  if (max <= 0) return { max: 1, unit: `B${suffix}`, ticks: [] }
  const ceiling = Math.max(max, 1)
  const step = 2 ** Math.ceil(Math.log2(ceiling / 4.6))
  const unit = byteUnit(step * 4)
  // At most four digits, without a separator: the label must fit beside the plot.
  const ticks = multiples(step, ceiling).map((value) => {
    const number = String(value / unit.size)
    return { value, label: `${number}${NBSP}${unit.name}${suffix}`, shortLabel: number }
  })
  return { max: ceiling, unit: `${unit.name}${suffix}`, ticks }
}

/** Ticks at 1, 2 or 5 times a power of ten; the scale itself ends at a tick. */
export function countScale(max: number, suffix: string): ValueScale {
  const rough = Math.max(max, 1) / 2
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power
  const end = Math.ceil(Math.max(max, step) / step) * step
  const ticks = multiples(step, end).map((value) => ({
    value,
    label: `${formatCount(value)}${NBSP}${suffix}`,
    shortLabel: formatCount(value),
  }))
  return { max: end, unit: suffix, ticks }
}

/**
 * Pressure in percent. The warning thresholds 10 and 40 are drawn as reference lines, so ticks keep to the ends.
 *
 * @see Linux Documentation/accounting/psi.rst
 */
export function percentScale(max: number): ValueScale {
  const end = max <= 10 ? 10 : max <= 50 ? 50 : 100
  return { max: end, unit: '%', ticks: [{ value: end, label: `${end}${NBSP}%`, shortLabel: `${end}` }] }
}

/** Percent of something that can be full: ends at 100, or above what exceeded it. */
export function shareScale(max: number): ValueScale {
  const end = Math.max(100, max)
  return {
    max: end,
    unit: '%',
    ticks: [50, 100].map((value) => ({ value, label: `${value}${NBSP}%`, shortLabel: `${value}` })),
  }
}

function multiples(step: number, end: number): number[] {
  return Array.from({ length: Math.floor(end / step + 1e-9) }, (_, index) => (index + 1) * step)
}

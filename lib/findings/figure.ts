import type { LineRange } from '@/lib/logs/source'
import type { Kib } from '@/lib/units'

/** A size together with the lines it was read from or computed from. */
export interface Figure {
  kib: Kib
  lines: LineRange[]
}

/** The sum of the figures that are known; null when none is. */
export function sum(...figures: (Figure | null)[]): Figure | null {
  const known = figures.filter((figure) => figure !== null)
  if (known.length === 0) return null
  return {
    kib: known.reduce((total, figure) => total + figure.kib, 0),
    lines: mergeLines(known.flatMap((figure) => figure.lines)),
  }
}

/** The difference, never below zero; null unless both are known. */
export function difference(whole: Figure | null, part: Figure | null): Figure | null {
  if (!whole || !part) return null
  return { kib: Math.max(0, whole.kib - part.kib), lines: mergeLines([...whole.lines, ...part.lines]) }
}

/** Of 1; null when either is unknown or the whole is nothing. */
export function shareOf(part: Figure | null, whole: Figure | null): number | null {
  return part && whole && whole.kib > 0 ? part.kib / whole.kib : null
}

/** In order, each line once, touching ranges joined. */
export function mergeLines(ranges: LineRange[]): LineRange[] {
  const ordered = [...ranges].sort((a, b) =>
    a.source < b.source ? -1 : a.source > b.source ? 1 : a.from - b.from || a.to - b.to,
  )
  const merged: LineRange[] = []
  for (const range of ordered) {
    const last = merged.at(-1)
    if (last && last.source === range.source && range.from <= last.to + 1) last.to = Math.max(last.to, range.to)
    else merged.push({ ...range })
  }
  return merged
}

import { type Columns, type Gap, gapsBefore } from '@/lib/charts/series'

/**
 * At most `most` rows, and one more for every gap: each stretch of time is told by one row of its own, the last that
 * tells everything, because the layers of a stack must be of one instant. The extremes are those of all rows of the
 * stretch, so that the least and the greatest drawn are the same at every zoom. No stretch reaches over a gap.
 */
export function intoRows(columns: Columns, most: number, gaps: readonly Gap[]): Columns {
  if (columns.at.length <= most) return columns
  const stretches = stretchesOf(columns, most, gaps)
  const kept = stretches.map(([first, last]) => tellingRow(columns, first, last))
  return {
    ...pickRows(columns, kept),
    extremes: Object.fromEntries(
      Object.entries(columns.extremes).map(([key, { least, greatest }]) => [
        key,
        {
          least: stretches.map((stretch) => extremeOf(least, stretch, Math.min)),
          greatest: stretches.map((stretch) => extremeOf(greatest, stretch, Math.max)),
        },
      ]),
    ),
  }
}

/** The rows at these places. */
export function pickRows({ at, values, extremes }: Columns, places: readonly number[]): Columns {
  const pick = (column: readonly (number | null)[]) => places.map((place) => column[place] ?? null)
  return {
    at: places.map((place) => at[place] ?? 0),
    values: Object.fromEntries(Object.entries(values).map(([key, column]) => [key, pick(column)])),
    extremes: Object.fromEntries(
      Object.entries(extremes).map(([key, { least, greatest }]) => [
        key,
        { least: pick(least), greatest: pick(greatest) },
      ]),
    ),
  }
}

/** True when some row of the column stands for values that differ: only then is there a band to draw. */
export function hasBand(columns: Columns, key: string): boolean {
  const extremes = columns.extremes[key]
  return extremes?.least.some((value, row) => value !== extremes.greatest[row]) ?? false
}

type Stretch = [first: number, last: number]

function stretchesOf({ at }: Columns, most: number, gaps: readonly Gap[]): Stretch[] {
  const first = at[0] ?? 0
  const width = ((at.at(-1) ?? first) - first) / most || 1
  const breaks = gapsBefore(at, gaps)
  const stretches: Stretch[] = []
  let slot = -1
  at.forEach((time, row) => {
    const here = Math.min(most - 1, Math.floor((time - first) / width))
    const current = stretches.at(-1)
    if (current && here === slot && !breaks.has(row)) current[1] = row
    else stretches.push([row, row])
    slot = here
  })
  return stretches
}

function tellingRow({ values }: Columns, first: number, last: number): number {
  const columns = Object.values(values)
  for (let row = last; row > first; row -= 1) {
    if (columns.every((column) => (column[row] ?? null) !== null)) return row
  }
  return last
}

function extremeOf(
  column: readonly (number | null)[],
  [first, last]: Stretch,
  choose: (a: number, b: number) => number,
): number | null {
  let extreme: number | null = null
  for (let row = first; row <= last; row += 1) {
    const value = column[row] ?? null
    if (value !== null) extreme = extreme === null ? value : choose(extreme, value)
  }
  return extreme
}

import { type Chapter, rotationOrder } from '@/lib/analysis/chapter'
import type { YearOfHistory } from '@/lib/logs/dating'
import type { EpochMs } from '@/lib/units'

const DAY = 86_400_000
/** Without an order by name, dates of two files must be this close to be of one year. */
const NEAR = 3 * DAY
/** Rotated files follow each other; with a hole of half a year their order tells no year. */
const LONGEST_HOLE = 183 * DAY

/**
 * Years for files of one host that print none and give no evidence, from the files that do: the order of rotation and
 * the nearness of dates leave one. When none has evidence, the newest is believed and the older ones lie before it.
 *
 * @returns by source; files whose year stands as it is are not in it
 */
export function settleYears(chapters: readonly Chapter[]): Map<string, YearOfHistory> {
  const found = new Map<string, YearOfHistory>()
  for (const host of new Set(chapters.map((chapter) => chapter.host))) {
    const ofHost = chapters.filter((chapter) => chapter.host === host && chapter.from !== null)
    const open = ofHost.filter(({ year }) => year !== null && !year.isEvidenced)
    const settled = ofHost.filter((chapter) => !open.includes(chapter))
    const isEvidenced = settled.length > 0
    if (!isEvidenced) settled.push(...open.splice(newestOf(open), 1))
    for (let next = nextOf(open, settled); next; next = nextOf(open, settled)) {
      const { chapter, beside, year } = next
      open.splice(open.indexOf(chapter), 1)
      settled.push(moved(chapter, year - (chapter.year?.value ?? year)))
      const isMoved = year !== chapter.year?.value
      if (isEvidenced || isMoved) found.set(chapter.source, { year, why: reasonOf(chapter, beside), isEvidenced })
    }
  }
  return found
}

function newestOf(chapters: readonly Chapter[]): number {
  const newest = chapters.findIndex((chapter) =>
    chapters.every((other) => other === chapter || (rotationOrder(chapter.name, other.name) ?? 0) > 0),
  )
  return Math.max(0, newest)
}

/** The file whose year is told most closely by one that is settled. */
function nextOf(
  open: readonly Chapter[],
  settled: readonly Chapter[],
): { chapter: Chapter; beside: Chapter; year: number } | null {
  let best: { chapter: Chapter; beside: Chapter; year: number; hole: number } | null = null
  for (const chapter of open) {
    for (const beside of settled) {
      const told = yearBeside(chapter, beside)
      if (told && (best === null || told.hole < best.hole)) best = { chapter, beside, ...told }
    }
  }
  return best
}

function yearBeside(chapter: Chapter, beside: Chapter): { year: number; hole: number } | null {
  if (chapter.year === null || chapter.from === null || beside.from === null) return null
  const order = rotationOrder(chapter.name, beside.name)
  const apart = new Date(beside.from).getUTCFullYear() - new Date(chapter.from).getUTCFullYear()
  let best: { year: number; hole: number } | null = null
  for (let shift = apart - 2; shift <= apart + 2; shift += 1) {
    const hole = holeBetween(moved(chapter, shift), beside, order)
    if (hole !== null && (best === null || hole < best.hole)) best = { year: chapter.year.value + shift, hole }
  }
  return best
}

/** Time between the end of one file and the start of the other; null when they cannot be neighbours. */
function holeBetween(chapter: Chapter, beside: Chapter, order: number | null): number | null {
  const after = (older: Chapter, newer: Chapter) => (newer.from ?? 0) - (older.to ?? 0)
  if (order === null) {
    const hole = Math.max(0, after(chapter, beside), after(beside, chapter))
    return hole <= NEAR ? hole : null
  }
  const hole = order < 0 ? after(chapter, beside) : after(beside, chapter)
  // Two clocks, or a line that came late, may overlap by a little.
  return hole >= -DAY && hole <= LONGEST_HOLE ? Math.max(0, hole) : null
}

function moved(chapter: Chapter, years: number): Chapter {
  return { ...chapter, from: movedTime(chapter.from, years), to: movedTime(chapter.to, years) }
}

function movedTime(at: EpochMs | null, years: number): EpochMs | null {
  if (at === null) return null
  const date = new Date(at)
  date.setUTCFullYear(date.getUTCFullYear() + years)
  return date.getTime()
}

function reasonOf(chapter: Chapter, beside: Chapter): string {
  const order = rotationOrder(chapter.name, beside.name)
  if (order === null) return `${beside.name} of the same host has these days`
  return order < 0 ? `it ends before ${beside.name} begins` : `it begins after ${beside.name} ends`
}

import { WEIGHT } from '@/lib/ingest/stream-line'

/** Lines kept on either side of one that tells of memory. */
export const NEIGHBOURS = 50

/**
 * Which lines of a stream stay: what tells of memory with 50 neighbours on either side, the kernel's lines, and the
 * last 50, whose fate the next batch decides.
 *
 * @param weights of the lines in their order
 */
export function chooseKept(weights: readonly number[]): boolean[] {
  const kept = weights.map((weight) => weight >= WEIGHT.kernel)
  let open = 0
  const mark = (index: number) => {
    if (weights[index] === WEIGHT.telling) open = NEIGHBOURS + 1
    if (open > 0) kept[index] = true
    open -= 1
  }
  for (let index = 0; index < weights.length; index += 1) mark(index)
  // The end is like a telling line that stands just after the last.
  open = NEIGHBOURS
  for (let index = weights.length - 1; index >= 0; index -= 1) mark(index)
  return kept
}

const QUIET_NS = 300_000_000_000n

/**
 * Where a day of a stream ends: at midnight, or when a report is being written then, at the end of what is told
 * without a silence of five minutes. So no report is cut between two days.
 *
 * @param midnightNs the midnight between both days
 * @param tellingNs times of telling lines around it, ascending
 * @returns lines up to this time, inclusive, belong to the day before
 */
export function endOfDay(midnightNs: bigint, tellingNs: readonly bigint[]): bigint {
  let end = midnightNs - 1n
  let last: bigint | null = null
  for (const at of tellingNs) {
    if (at < midnightNs) {
      last = at
      continue
    }
    if (last === null || at - last > QUIET_NS) break
    last = at
    end = at
  }
  return end
}

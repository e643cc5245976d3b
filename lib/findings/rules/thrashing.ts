import { mergeLines } from '@/lib/findings/figure'
import { type FindingRule, finding, lineIn, memoryLine } from '@/lib/findings/rule'
import { message } from '@/lib/text/catalogue'
import { formatDuration, pagesToKib } from '@/lib/units'

/** A report is written in well under a second; this long means that the machine could not run. */
const SLOW_REPORT_MS = 10_000
/** Through the swap cache this many times the size of RAM. */
const TRAFFIC_TIMES_RAM = 4
/** Without a known size of RAM. */
const TRAFFIC_KIB = 4 * 1024 * 1024

/** A report that took long to write, and swap traffic out of proportion. */
export const thrashing: FindingRule = {
  codes: ['thrashing'],
  tells: 'course',
  find(_facts, { readings, main }) {
    const slow = readings
      .map((reading) => ({ reading, took: duration(reading.report.stamp.at, reading.report.endStamp.at) }))
      .filter(({ took }) => took !== null && took >= SLOW_REPORT_MS)
      .sort((a, b) => (b.took ?? 0) - (a.took ?? 0))[0]
    const cache = main?.report.memory?.swapCache ?? null
    const moved = main && cache ? pagesToKib(cache.add, main.pageSizeBytes) : null
    const ram = main?.ram?.kib ?? null
    const isHeavy = moved !== null && moved >= (ram === null ? TRAFFIC_KIB : ram * TRAFFIC_TIMES_RAM)
    const cacheLines = main && isHeavy ? [memoryLine(main, 'swapCache'), ...(main.ram?.lines ?? [])] : []
    if (!slow && !isHeavy) return null
    if (!slow) {
      const share = cache && cache.findTotal > 0 ? cache.findSuccess / cache.findTotal : null
      const detail = message('swap-traffic.detail', { add: cache?.add ?? null, share })
      return finding('thrashing', message('swap-traffic', { moved }), detail, mergeLines(cacheLines), {
        confidence: 'medium',
      })
    }
    const { report } = slow.reading
    const source = report.lines.source
    const quiet = report.silences.slice(0, 2)
    const silences = quiet.length === 0 ? null : quiet.map(({ ms }) => formatDuration(ms)).join(', ')
    const params = { took: slow.took, silences }
    const detail = isHeavy ? message('thrashing.both', { ...params, moved, ram }) : message('thrashing.report', params)
    const lines = [
      lineIn(source, report.lines.from),
      ...quiet.map(({ line }) => lineIn(source, line)),
      lineIn(source, report.lines.to),
      ...cacheLines,
    ]
    return finding('thrashing', message('thrashing', {}), detail, mergeLines(lines))
  },
}

function duration(from: number | null, to: number | null): number | null {
  return from === null || to === null ? null : to - from
}

/** The kernel scanned its lists many times over and calls the zones unreclaimable. Linux mm/vmscan.c. */
export const reclaimGaveUp: FindingRule = {
  codes: ['reclaim-gave-up'],
  tells: 'course',
  find(_facts, { main }) {
    const zones = (main?.zones ?? []).filter(
      (zone) => zone.zone.isUnreclaimable === true && (zone.zone.pagesScanned ?? 0) > 0,
    )
    if (zones.length === 0 || !main) return null
    const scanned = zones.reduce((total, zone) => total + (zone.zone.pagesScanned ?? 0), 0)
    const names = zones.map((zone) => zone.name).join(', ')
    const lines = mergeLines(zones.flatMap((zone) => zone.free.lines))
    const detail = message('reclaim-gave-up.detail', { zones: names, scanned })
    return finding('reclaim-gave-up', message('reclaim-gave-up', {}), detail, lines)
  },
}

import type { Stamp } from '@/lib/logs/source'
import type { Instant } from '@/lib/oom/facts'
import type { Entry } from '@/lib/oom/source'
import type { EpochMs } from '@/lib/units'

const DAY_SECONDS = 86_400
const DAY_MS = 86_400_000

// "Nov  2 14:08:46" · "2026-02-08T00:40:07.136582+01:00"
const CLOCK = /(?<!\d)(\d\d):(\d\d):(\d\d(?:[.,]\d{1,9})?)/
/** A clock that is not the machine's own: every log of a container or a collector prints UTC. */
const OF_UTC = /(?:Z|UTC|GMT|[+-]00:?00)$/

interface Waiting {
  host: string | null
  after: Stamp | null
}

/**
 * Places times of day that stand bare among the lines of a log: on the day that the line above tells, or the day after,
 * when the line below is not earlier than that. Nothing is told at either end of a log, between lines of two hosts, and
 * where the log does not print the machine's local time.
 */
export function createTimeBetween() {
  let waiting: Waiting[] = []

  return {
    /** To be called for every entry, in order: the next one with an envelope bounds what waits. */
    see(entry: Entry): void {
      if (waiting.length === 0 || entry.format === 'bare') return
      const after = entry.stamp()
      for (const each of waiting) if (each.host === entry.host) each.after = after
      waiting = []
    },

    /** @param first holds the time of day; it is bare, so its stamp is that of the line above */
    await(first: Entry): Instant {
      const before = first.stamp()
      const text = first.message
      const bounds: Waiting = { host: first.host, after: null }
      waiting.push(bounds)
      return () => timeBetween(before, bounds.after, text)
    },
  }
}

function timeBetween(before: Stamp, after: Stamp | null, text: string): EpochMs | null {
  const own = secondsOfDay(text)
  const above = before.text === null || OF_UTC.test(before.text) ? null : secondsOfDay(before.text)
  if (own === null || above === null || before.at === null || after?.at == null) return null
  const later = (own - Math.floor(above) + DAY_SECONDS) % DAY_SECONDS
  const at = before.at - (before.at % 1000) + later * 1000
  return at <= after.at && at < before.at + DAY_MS ? at : null
}

function secondsOfDay(text: string): number | null {
  const [, hour, minute, second] = CLOCK.exec(text) ?? []
  return second === undefined ? null : (Number(hour) * 60 + Number(minute)) * 60 + Number(second.replace(',', '.'))
}

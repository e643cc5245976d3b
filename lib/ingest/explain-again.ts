import { inTransaction, pool } from '@/lib/db/client'
import { spansOfIncidents } from '@/lib/db/incident-store'
import { LOOK_BACK_MS } from '@/lib/incidents/signs/lead-in'
import { regroupHost } from '@/lib/ingest/regroup'
import type { EpochMs } from '@/lib/units'

/** Measurements this long after an incident can show that it has recovered. */
const AFTER_MS = 2 * 3_600_000
/** More of the same measurements may come within this time. */
const PAUSE_MS = 5_000
/** Of measurements after an incident only its recovery is read: not each of them is worth the work. */
const AFTERWARDS_MS = 5 * 60_000

interface Span {
  from: EpochMs
  to: EpochMs
}

/**
 * Explains the incidents again that measurements of these hosts, each in its span, lie around: what led to them, how it
 * came, who held the memory and whether it recovered.
 *
 * @returns the end of the latest incident of each host that has any there
 */
export async function explainMeasured(measured: ReadonlyMap<string, Span>): Promise<Map<string, EpochMs>> {
  const around = [...measured].map(([hostId, { from, to }]): [string, Span] => [
    hostId,
    { from: from - AFTER_MS, to: to + LOOK_BACK_MS },
  ])
  const touched = await spansOfIncidents(pool, new Map(around))
  for (const [hostId, span] of touched) {
    await inTransaction((client) => regroupHost(client, { hostId, ...span }, []))
  }
  return new Map([...touched].map(([hostId, span]) => [hostId, span.to]))
}

/** Collects what was measured and explains incidents again soon after; `stop` waits for nothing. */
export function followMeasurements(report: (error: unknown) => void) {
  const waiting = new Map<string, Span>()
  /** Hosts whose measurements lie behind their incidents: until when they wait, and the end of the latest incident. */
  const rested = new Map<string, { until: EpochMs; incidentTo: EpochMs }>()
  let isBusy = false

  function takeDue(): Map<string, Span> {
    const now = Date.now()
    const due = [...waiting].filter(([hostId, { from }]) => {
      const rest = rested.get(hostId)
      return !rest || rest.until <= now || from <= rest.incidentTo
    })
    for (const [hostId] of due) {
      waiting.delete(hostId)
      rested.delete(hostId)
    }
    return new Map(due)
  }

  async function work(): Promise<void> {
    if (isBusy || waiting.size === 0) return
    isBusy = true
    try {
      for (const [hostId, incidentTo] of await explainMeasured(takeDue())) {
        rested.set(hostId, { until: Date.now() + AFTERWARDS_MS, incidentTo })
      }
    } catch (error) {
      report(error)
    } finally {
      isBusy = false
    }
  }

  const timer = setInterval(() => void work(), PAUSE_MS)
  return {
    note({ hostIds, from, to }: Span & { hostIds: readonly string[] }): void {
      for (const hostId of hostIds) {
        const known = waiting.get(hostId)
        waiting.set(hostId, { from: Math.min(known?.from ?? from, from), to: Math.max(known?.to ?? to, to) })
      }
    },
    stop(): void {
      clearInterval(timer)
    },
  }
}

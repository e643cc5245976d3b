import type { CounterName, Reading } from '@/lib/ingest/protocols/protocol'
import type { Snapshot } from '@/lib/ingest/protocols/snapshots'
import { findImplausible } from '@/lib/metrics/plausible'
import type { Sample, SampleField, Series } from '@/lib/metrics/sample'
import type { Bytes, EpochMs } from '@/lib/units'

/** The last value of a counter that was seen. */
export interface CounterValue {
  at: EpochMs
  value: number
}

export type Counters = Map<CounterName, CounterValue>

/** A rise of the kernel's count of its kills. */
export interface CountedKills {
  since: EpochMs
  until: EpochMs
  from: number
  to: number
}

/** A rate over a longer gap would spread what happened in it over hours in which nobody looked. */
const LONGEST_GAP_MS = 10 * 60_000
/** Pressure over a longer time is no "avg10" any more. */
const LONGEST_PRESSURE_MS = 60_000

/**
 * Samples of one host from its snapshots; totals since boot become rates over the time since the value before. Values
 * no machine can show are left out and counted.
 *
 * @param snapshots ascending by time
 * @param before the last values known; is brought up to date
 * @param pageSizeBytes null leaves out what is counted in pages
 */
export function samplesOf(
  snapshots: readonly Snapshot[],
  before: Counters,
  pageSizeBytes: Bytes | null,
): { series: Series; counted: CountedKills[]; refused: number } {
  const series: Series = []
  const counted: CountedKills[] = []
  let refused = 0
  for (const { at, readings } of snapshots) {
    const sample: Sample = { at }
    const killsBefore = before.get('oomKills')
    for (const reading of readings) {
      for (const [field, value] of valuesOf(reading, at, before, pageSizeBytes)) {
        // Of two tellings of one instant the first stands.
        sample[field] ??= value
      }
    }
    refused += leaveOutImplausible(sample)
    const kills = before.get('oomKills')
    if (killsBefore && kills && (sample.oomKills ?? 0) > 0) {
      const from = kills.value < killsBefore.value ? 0 : killsBefore.value
      counted.push({ since: killsBefore.at, until: at, from, to: kills.value })
    }
    if (Object.keys(sample).length > 1) series.push(sample)
  }
  return { series, counted, refused }
}

function valuesOf(
  reading: Reading,
  at: EpochMs,
  before: Counters,
  pageSizeBytes: Bytes | null,
): [SampleField, number][] {
  if ('field' in reading) return [[reading.field, reading.value]]
  const { counter, value } = reading
  if (!Number.isFinite(value) || value < 0) return []
  const earlier = before.get(counter)
  // A batch that comes late or again has had its turn.
  if (earlier && at <= earlier.at) return []
  before.set(counter, { at, value })
  if (!earlier) return []
  const elapsedMs = at - earlier.at
  const grown = value - earlier.value
  // After a reboot the kernel counts from zero: all it says has happened since.
  if (counter === 'oomKills') return [['oomKills', grown < 0 ? value : grown]]
  if (grown < 0 || elapsedMs > LONGEST_GAP_MS) return []
  const perSecond = grown / (elapsedMs / 1000)
  switch (counter) {
    case 'swapInPages':
      return pageSizeBytes === null ? [] : [['swapInPerSec', perSecond * pageSizeBytes]]
    case 'swapOutPages':
      return pageSizeBytes === null ? [] : [['swapOutPerSec', perSecond * pageSizeBytes]]
    case 'swapInBytes':
      return [['swapInPerSec', perSecond]]
    case 'swapOutBytes':
      return [['swapOutPerSec', perSecond]]
    case 'majorFaults':
      return [['majorFaultsPerSec', perSecond]]
    case 'allocStalls':
      return [['allocStallPerSec', perSecond]]
    case 'memoryWaitingSeconds':
      return elapsedMs > LONGEST_PRESSURE_MS ? [] : [['psiMemSomeAvg10', Math.min(100, perSecond * 100)]]
    case 'memoryStalledSeconds':
      return elapsedMs > LONGEST_PRESSURE_MS ? [] : [['psiMemFullAvg10', Math.min(100, perSecond * 100)]]
  }
}

function leaveOutImplausible(sample: Sample): number {
  let refused = 0
  for (let wrong = findImplausible(sample); wrong; wrong = findImplausible(sample)) {
    if (wrong.field === 'at') break
    delete sample[wrong.field]
    refused += 1
  }
  return refused
}

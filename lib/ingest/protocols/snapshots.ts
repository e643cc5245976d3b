import { groupBy } from '@/lib/ingest/group-by'
import type { ProcessList, Reading } from '@/lib/ingest/protocols/protocol'
import type { EpochMs } from '@/lib/units'

/** Readings of one host that belong to one instant. */
export interface Snapshot {
  host: string
  at: EpochMs
  readings: Reading[]
}

/**
 * Gathers readings into snapshots, ascending by host and time. Within `toleranceMs` of the first one they are one
 * snapshot, with the first one's time, until a value would be told twice.
 */
export function gatherSnapshots(readings: readonly Reading[], toleranceMs: number): Snapshot[] {
  return [...groupBy(readings, ({ host }) => host)].flatMap(([host, ofHost]) => gatherOne(host, ofHost, toleranceMs))
}

function gatherOne(host: string, readings: Reading[], toleranceMs: number): Snapshot[] {
  const snapshots: Snapshot[] = []
  let told = new Set<string>()
  for (const reading of [...readings].sort((a, b) => a.at - b.at)) {
    const open = snapshots.at(-1)
    const name = 'field' in reading ? reading.field : `total ${reading.counter}`
    const belongs = open && reading.at - open.at <= toleranceMs && (reading.at === open.at || !told.has(name))
    if (open && belongs) open.readings.push(reading)
    else {
      snapshots.push({ host, at: reading.at, readings: [reading] })
      told = new Set()
    }
    told.add(name)
  }
  return snapshots
}

/**
 * Gathers processes told one by one into the lists of their instants: within `toleranceMs` of the first one they are one
 * list, with the first one's time, until a process would be told twice.
 */
export function gatherProcesses(lists: readonly ProcessList[], toleranceMs: number): ProcessList[] {
  return [...groupBy(lists, ({ host }) => host)].flatMap(([, ofHost]) => {
    const gathered: ProcessList[] = []
    let told = new Set<number>()
    for (const { host, at, rows } of [...ofHost].sort((a, b) => a.at - b.at)) {
      const open = gathered.at(-1)
      const belongs = open && at - open.at <= toleranceMs && !rows.some(({ pid }) => told.has(pid))
      if (open && belongs) open.rows.push(...rows)
      else {
        gathered.push({ host, at, rows: [...rows] })
        told = new Set()
      }
      for (const { pid } of rows) told.add(pid)
    }
    return gathered
  })
}

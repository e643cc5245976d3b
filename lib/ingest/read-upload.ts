import type pg from 'pg'
import type { FileAnalysis } from '@/lib/analysis/analysis'
import { memberSource, type Receipt } from '@/lib/analysis/upload'
import { inTransaction } from '@/lib/db/client'
import { type ChangedHost, hostsToldBy, replaceFacts } from '@/lib/db/fact-store'
import type { Facts } from '@/lib/db/facts'
import { forgetEmptyHosts, meetHost } from '@/lib/db/hosts'
import { announceUpload, type Claim, holdClaim } from '@/lib/db/queue'
import { insertSamples, withdrawSamples } from '@/lib/db/samples'
import { saveReceipts } from '@/lib/db/uploads'
import { attribute, type HostFacts, mainHost, spanOfFacts } from '@/lib/ingest/attribute'
import { readFiles } from '@/lib/ingest/read-files'
import { regroupHost } from '@/lib/ingest/regroup'

type Client = Pick<pg.PoolClient, 'query'>

/** One file of an upload, understood. `member`: 0 for the upload itself, 1 and up for the files inside an archive. */
export interface ReadFile {
  member: number
  analysis: FileAnalysis
}

/** Rows of a process list that a receipt keeps. */
const PROCESS_ROWS = 500

/**
 * Reads a claimed upload as a stream and stores what it tells in one transaction: facts, samples, incidents, receipt.
 * Nothing is stored when the claim was lost meanwhile (revised, deleted, taken over).
 *
 * @returns false when the claim was lost
 * @throws AppError when the bytes cannot be read (a bomb, a broken archive): the upload has failed
 */
export async function readUpload(claim: Claim, signal: AbortSignal): Promise<boolean> {
  const files = await readFiles(claim, signal)
  return inTransaction(async (client) => {
    if (!(await holdClaim(claim, client))) return false
    await store(client, claim, files)
    return true
  })
}

async function store(client: Client, claim: Claim, files: ReadFile[]): Promise<void> {
  const { uploadId } = claim
  const cited = files.map(({ analysis, member }) => ({ analysis, source: memberSource(uploadId, member) }))
  const byName = attribute(cited, claim)
  const before = await hostsToldBy(client, uploadId)
  const sampledBefore = await withdrawSamples(client, uploadId)
  const arrival = claim.hints.receivedAt ?? Date.now()
  const main = mainHost(files, byName, claim)
  if (main !== null && !byName.has(main)) byName.set(main, { kills: [], reports: [], events: [], samples: [] })

  const told = new Map<string, Facts>()
  const changed = new Map<string, ChangedHost>()
  let mainId: string | null = null
  // In the order of names: two readers that touch the same hosts must not wait for each other in a ring.
  for (const [name, facts] of [...byName].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const span = spanOfFacts(facts) ?? { from: arrival, to: arrival }
    const hostId = await meetHost(client, { name, seen: span, isSample: claim.isSample })
    if (name === main) mainId = hostId
    told.set(hostId, mergeFacts(told.get(hostId), facts))
    await insertSamples(hostId, facts.samples, { uploadId, client })
    noteChange(changed, { hostId, from: spanOfFacts(facts)?.from ?? null, to: spanOfFacts(facts)?.to ?? null })
  }
  await replaceFacts(client, uploadId, told)
  await saveReceipts(client, claim, {
    receipts: files.map(({ analysis }) => toReceipt(analysis)),
    hostId: mainId,
    hostIds: [...told.keys()],
  })
  for (const change of [...before, ...sampledBefore]) noteChange(changed, change)
  for (const change of [...changed.values()].sort((a, b) => (a.hostId < b.hostId ? -1 : 1))) {
    await regroupHost(client, change, [uploadId])
  }
  await forgetEmptyHosts(client, [...changed.keys()])
  await announceUpload(uploadId, 'read', client)
}

function mergeFacts(earlier: Facts | undefined, facts: HostFacts): Facts {
  const { kills, reports, events } = facts
  if (!earlier) return { kills, reports, events }
  const offset = earlier.reports.length
  return {
    kills: [
      ...earlier.kills,
      ...kills.map((kill) => ({ ...kill, report: kill.report === null ? null : kill.report + offset })),
    ],
    reports: [...earlier.reports, ...reports.map((report) => ({ ...report, index: report.index + offset }))],
    events: [...earlier.events, ...events],
  }
}

function noteChange(changed: Map<string, ChangedHost>, change: ChangedHost): void {
  const earlier = changed.get(change.hostId)
  const least = (a: number | null, b: number | null) => (a === null ? b : b === null ? a : Math.min(a, b))
  const most = (a: number | null, b: number | null) => (a === null ? b : b === null ? a : Math.max(a, b))
  changed.set(
    change.hostId,
    earlier ? { ...change, from: least(earlier.from, change.from), to: most(earlier.to, change.to) } : change,
  )
}

/** The account of a file, without what has tables of its own or would make every list of uploads heavy. */
function toReceipt(analysis: FileAnalysis): Receipt {
  const { reports, kills, events, samples, processes, ...rest } = analysis
  return {
    ...rest,
    undated: [],
    processHistory: [],
    processes: processes && { ...processes, rows: processes.rows.slice(0, PROCESS_ROWS) },
    counts: { reports: reports.length, kills: kills.length, events: events.length, samples: samples.length },
  }
}

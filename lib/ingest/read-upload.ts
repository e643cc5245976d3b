import type pg from 'pg'
import type { FileAnalysis } from '@/lib/analysis/analysis'
import type { Edges } from '@/lib/analysis/chapter'
import { memberSource, type Receipt } from '@/lib/analysis/upload'
import { inTransaction } from '@/lib/db/client'
import { type ChangedHost, hostsToldBy, replaceFacts } from '@/lib/db/fact-store'
import type { Facts } from '@/lib/db/facts'
import { forgetEmptyHosts, meetHost } from '@/lib/db/hosts'
import { insertProcesses } from '@/lib/db/processes'
import { announceUpload, type Claim, holdClaim } from '@/lib/db/queue'
import { insertSamples } from '@/lib/db/samples'
import { requeueStream } from '@/lib/db/streams'
import { withdrawSamples } from '@/lib/db/upload-samples'
import { saveReceipts } from '@/lib/db/uploads'
import { attribute, type HostFacts, mainHost, spanOfFacts } from '@/lib/ingest/attribute'
import { mergeChanges } from '@/lib/ingest/changed-hosts'
import { requeueJoined } from '@/lib/ingest/join-uploads'
import { type ReadFile, readFiles } from '@/lib/ingest/read-files'
import { regroupHost } from '@/lib/ingest/regroup'
import { assembleStream } from '@/lib/ingest/streams'

type Client = Pick<pg.PoolClient, 'query'>

const LISTS_PER_STATEMENT = 500

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
  // A stream grows: its bytes are its lines as they stand now.
  await assembleStream(claim.uploadId)
  return storeRead(claim, await readFiles(claim, signal))
}

/** @returns false when the claim was lost */
export async function storeRead(claim: Claim, files: ReadFile[]): Promise<boolean> {
  const main = await inTransaction(async (client) => {
    if (!(await holdClaim(claim, client))) return 'lost'
    return { host: await store(client, claim, files) }
  })
  if (main === 'lost') return false
  if (main.host !== null) await requeueJoined(claim.uploadId, main.host, claim.hints.zone)
  return true
}

/** @returns the host it is listed under */
async function store(client: Client, claim: Claim, files: ReadFile[]): Promise<string | null> {
  const { uploadId } = claim
  const cited = files.map(({ analysis, member }) => ({ analysis, source: memberSource(uploadId, member) }))
  const byName = attribute(cited, claim)
  const before = await hostsToldBy(client, uploadId)
  const sampledBefore = await withdrawSamples(client, uploadId)
  const arrival = claim.hints.receivedAt ?? Date.now()
  const main = mainHost(files, byName, claim)
  if (main !== null && !byName.has(main))
    byName.set(main, { kills: [], reports: [], events: [], samples: [], processes: [] })

  const told = new Map<string, Facts>()
  const changes: ChangedHost[] = []
  let mainId: string | null = null
  // In the order of names: two readers that touch the same hosts must not wait for each other in a ring.
  for (const [name, facts] of [...byName].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const span = spanOfFacts(facts) ?? { from: arrival, to: arrival }
    const hostId = await meetHost(client, { name, seen: span, isSample: claim.isSample })
    if (name === main) mainId = hostId
    told.set(hostId, mergeFacts(told.get(hostId), facts))
    await insertSamples(hostId, facts.samples, { uploadId, client })
    for (let first = 0; first < facts.processes.length; first += LISTS_PER_STATEMENT)
      await insertProcesses(hostId, facts.processes.slice(first, first + LISTS_PER_STATEMENT), { uploadId, client })
    changes.push({ hostId, from: spanOfFacts(facts)?.from ?? null, to: spanOfFacts(facts)?.to ?? null })
  }
  await replaceFacts(client, uploadId, told)
  await saveReceipts(client, claim, {
    receipts: files.map(({ analysis, edges }) => toReceipt(analysis, edges)),
    hostId: mainId,
    hostIds: [...told.keys()],
  })
  const changed = mergeChanges([...changes, ...before, ...sampledBefore])
  for (const change of changed) await regroupHost(client, change, [uploadId])
  await forgetEmptyHosts(
    client,
    changed.map(({ hostId }) => hostId),
  )
  await announceUpload(uploadId, 'read', client)
  await requeueStream(client, uploadId)
  return main
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

/** The account of a file, without what has tables of its own or would make every list of uploads heavy. */
function toReceipt(analysis: FileAnalysis, edges: Edges): Receipt {
  const { reports, kills, events, samples, elsewhere = [], processes, ...rest } = analysis
  const others = elsewhere.reduce((sum, host) => sum + host.samples.length, 0)
  return {
    ...rest,
    edges,
    undated: [],
    processHistory: [],
    processes: processes && { ...processes, rows: processes.rows.slice(0, PROCESS_ROWS) },
    counts: { reports: reports.length, kills: kills.length, events: events.length, samples: samples.length + others },
  }
}

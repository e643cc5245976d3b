import type pg from 'pg'
import { type Receipt, splitSource, type Upload, type UploadState, type UploadSummary } from '@/lib/analysis/upload'
import { pool, prisma } from '@/lib/db/client'
import { readCursor, writeCursor } from '@/lib/db/cursor'
import type { Prisma } from '@/lib/db/generated/client'
import { listIncidentsOfUpload } from '@/lib/db/incident-summaries'
import { fromJson, toJson } from '@/lib/db/json'
import { announceUpload, type Claim } from '@/lib/db/queue'
import { AppError } from '@/lib/errors'

type Client = Pick<pg.PoolClient, 'query'>

const PAGE_SIZE = 50
const PAGE_LIMIT = 200

const select = {
  id: true,
  name: true,
  sizeBytes: true,
  sha256: true,
  state: true,
  problem: true,
  createdAt: true,
  isSample: true,
  hostHint: true,
  chosenYear: true,
  chosenZone: true,
  chosenHost: true,
  receipts: true,
  host: { select: { name: true } },
} satisfies Prisma.UploadSelect

type Row = Prisma.UploadGetPayload<{ select: typeof select }>

/** @param source an upload's id, or that of a file inside it (`id.3`) */
export async function findUpload(source: string): Promise<Upload | null> {
  const { uploadId } = splitSource(source)
  const row = await prisma.upload.findUnique({ where: { id: uploadId }, select })
  if (!row) return null
  return {
    ...toUpload(row),
    receipts: fromJson<Receipt[]>(row.receipts),
    incidents: await listIncidentsOfUpload(row.id),
  }
}

/** @throws AppError 'not-found' */
export async function getUpload(source: string): Promise<Upload> {
  const upload = await findUpload(source)
  if (!upload) throw new AppError('not-found', `There is no upload ${source}.`)
  return upload
}

/** Complete uploads, newest first. `next` is null on the last page. */
export async function listUploads({
  limit = PAGE_SIZE,
  cursor,
}: {
  limit?: number
  cursor?: string
} = {}): Promise<{ items: UploadSummary[]; next: string | null }> {
  const size = Math.min(limit, PAGE_LIMIT)
  const rows = await prisma.upload.findMany({
    where: { AND: [{ state: { not: 'receiving' } }, after(cursor)] },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: size + 1,
    select,
  })
  const page = rows.slice(0, size)
  const last = page.at(-1)
  return {
    items: page.map((row) => ({ ...toUpload(row), counts: sumCounts(fromJson<Receipt[]>(row.receipts)) })),
    next: rows.length > size && last ? writeCursor({ at: last.createdAt.getTime(), id: last.id }) : null,
  }
}

/** Ids of the uploads that are samples. */
export async function listSampleUploads(): Promise<string[]> {
  const rows = await prisma.upload.findMany({ where: { isSample: true }, select: { id: true } })
  return rows.map(({ id }) => id)
}

/** State and problem alone: what is asked again and again while a person waits. Null when there is no such upload. */
export async function findUploadState(
  uploadId: string,
): Promise<{ state: UploadState; problem: string | null; revision: number } | null> {
  const { rows } = await pool.query<{ state: UploadState; problem: string | null; revision: number }>({
    name: 'upload-state',
    text: 'select "state", "problem", "revision" from "Upload" where "id" = $1',
    values: [uploadId],
  })
  return rows[0] ?? null
}

/**
 * Keeps what a person chose about year, zone or host and has the upload read again. A member left out stays as it is,
 * null gives the choice back to the text.
 *
 * @throws AppError 'not-found'; 'conflict' while its bytes arrive
 */
export async function reviseUpload(
  uploadId: string,
  chosen: { year?: number | null; zone?: string | null; host?: string | null },
): Promise<void> {
  const { count } = await prisma.upload.updateMany({
    where: { id: uploadId, state: { not: 'receiving' } },
    data: {
      chosenYear: chosen.year,
      chosenZone: chosen.zone,
      chosenHost: chosen.host,
      state: 'received',
      problem: null,
      attempts: 0,
      leaseOwner: null,
      leaseUntil: null,
      revision: { increment: 1 },
    },
  })
  if (count === 0) {
    const upload = await findUploadState(uploadId)
    if (!upload) throw new AppError('not-found', `There is no upload ${uploadId}.`)
    throw new AppError('conflict', 'The bytes of this upload are still arriving; try again when it is complete.')
  }
  await announceUpload(uploadId, 'received')
}

/** Queues an upload to be read again as it stands. */
export async function readAgain(client: Client, uploadId: string): Promise<void> {
  await client.query(
    `update "Upload" set "state" = 'received', "problem" = null, "attempts" = 0, "leaseOwner" = null,
            "leaseUntil" = null, "revision" = "revision" + 1 where "id" = $1 and "state" <> 'receiving'`,
    [uploadId],
  )
  await announceUpload(uploadId, 'received', client)
}

/** The hosts an upload tells of, and the one it is listed under. */
export async function hostsOfUpload(client: Client, uploadId: string): Promise<string[]> {
  const { rows } = await client.query<{ hostId: string }>(
    `select "hostId" from "UploadHost" where "uploadId" = $1
     union select "hostId" from "Upload" where "id" = $1 and "hostId" is not null`,
    [uploadId],
  )
  return rows.map((row) => row.hostId)
}

/** Deletes an upload and its bytes, whatever state it is in. @throws AppError 'not-found' */
export async function deleteUpload(client: Client, uploadId: string): Promise<void> {
  const { rowCount } = await client.query('delete from "Upload" where "id" = $1', [uploadId])
  if (rowCount === 0) throw new AppError('not-found', `There is no upload ${uploadId}.`)
}

/** Ends reading: keeps what was understood, and which hosts it tells of. To be called in the transaction that holds the claim. */
export async function saveReceipts(
  client: Client,
  claim: Claim,
  { receipts, hostId, hostIds }: { receipts: Receipt[]; hostId: string | null; hostIds: string[] },
): Promise<void> {
  await client.query(
    `update "Upload" set "state" = 'read', "problem" = null, "receipts" = $2, "hostId" = $3, "readAt" = now(),
            "leaseOwner" = null, "leaseUntil" = null where "id" = $1`,
    [claim.uploadId, toJson(receipts), hostId],
  )
  await client.query('delete from "UploadHost" where "uploadId" = $1', [claim.uploadId])
  await client.query('insert into "UploadHost" ("uploadId", "hostId") select $1, unnest($2::text[])', [
    claim.uploadId,
    hostIds,
  ])
}

function after(cursor: string | undefined): Prisma.UploadWhereInput {
  if (!cursor) return {}
  const { at, id } = readCursor(cursor)
  const createdAt = new Date(at)
  return { OR: [{ createdAt: { lt: createdAt } }, { createdAt, id: { lt: id } }] }
}

function toUpload(row: Row): Omit<Upload, 'receipts' | 'incidents'> {
  return {
    id: row.id,
    name: row.name,
    sizeBytes: Number(row.sizeBytes),
    sha256: row.sha256 ?? '',
    hostname: row.host?.name ?? row.chosenHost ?? row.hostHint,
    state: row.state,
    problem: row.problem,
    createdAt: row.createdAt.getTime(),
    isSample: row.isSample,
    chosen: { year: row.chosenYear, zone: row.chosenZone, host: row.chosenHost },
  }
}

function sumCounts(receipts: Receipt[]): Receipt['counts'] {
  const sum = { reports: 0, kills: 0, events: 0, samples: 0 }
  for (const { counts } of receipts) {
    sum.reports += counts.reports
    sum.kills += counts.kills
    sum.events += counts.events
    sum.samples += counts.samples
  }
  return sum
}

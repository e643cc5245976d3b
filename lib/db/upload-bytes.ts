import pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import type { LogLine } from '@/lib/analysis/upload'
import { splitSource } from '@/lib/analysis/upload'
import { pool, prisma } from '@/lib/db/client'
import { newId } from '@/lib/db/ids'
import { pack, unpack } from '@/lib/db/packing'
import { announceUpload } from '@/lib/db/queue'
import type { EpochMs } from '@/lib/units'

/** Packed pieces that are fetched together. */
const PIECES_A_FETCH = 8

/** Longest text of one line that is shown; the readers' own limit. */
const LINE_LIMIT = 64 * 1024
const LINES_PER_ANSWER = 5_000
const LINE_FEED = 0x0a

/** What is known of a body before its first byte. */
export interface UploadDescription {
  name: string
  host: string | null
  /** The sender may write for `host` only. */
  isHostFixed: boolean
  zone: string | null
  year: number | null
  modifiedAt: EpochMs | null
  /** When the bytes came; null: now. Nothing in a log lies after it. */
  arrivedAt: EpochMs | null
  isSample: boolean
  createdBy: string | null
}

/** Opens an upload whose bytes follow through `storePiece`. Nobody sees it before `completeUpload`. @returns its id */
export async function beginUpload(description: UploadDescription): Promise<string> {
  const id = newId()
  await prisma.upload.create({
    data: {
      id,
      name: description.name,
      hostHint: description.host,
      isHostFixed: description.isHostFixed,
      zoneHint: description.zone,
      yearHint: description.year,
      modifiedAt: description.modifiedAt === null ? null : new Date(description.modifiedAt),
      receivedAt: description.arrivedAt === null ? null : new Date(description.arrivedAt),
      isSample: description.isSample,
      createdBy: description.createdBy,
    },
    select: { id: true },
  })
  return id
}

/**
 * Stores and commits one piece; durable when its promise is kept, while `bytes` may be written over as soon as there is
 * one. `firstLine` is the number (1-based) of the line it begins in.
 */
export async function storePiece(
  place: { uploadId: string; member: number; index: number; firstLine: number; lineFeeds: number },
  bytes: Buffer,
): Promise<void> {
  const packed = pack(bytes)
  await pool.query({
    name: 'store-piece',
    // Touched now and then only: pieces stored at the same time would wait for each other's lock on the upload.
    text: `with touched as (update "Upload" set "touchedAt" = now()
                          where "id" = $1 and "touchedAt" < now() - interval '10 seconds')
      insert into "UploadChunk" ("uploadId", "member", "index", "firstLine", "lineFeeds", "sizeBytes", "bytes")
      values ($1, $2, $3, $4, $5, $6, $7)`,
    values: [place.uploadId, place.member, place.index, place.firstLine, place.lineFeeds, bytes.length, packed],
  })
}

/**
 * Makes an upload visible and queues it. When the same bytes for the same host are stored already, the earlier upload
 * is the answer and the new pieces are dropped; an earlier one that failed is queued again.
 */
export async function completeUpload(
  uploadId: string,
  total: { sha256: string; sizeBytes: number; lines: number },
): Promise<{ uploadId: string; isNew: boolean }> {
  try {
    await pool.query(
      `update "Upload" set "sha256" = $2, "sizeBytes" = $3, "lines" = $4, "state" = 'received',
              "receivedAt" = coalesce("receivedAt", now())
        where "id" = $1 and "state" = 'receiving'`,
      [uploadId, total.sha256, total.sizeBytes, total.lines],
    )
    await announceUpload(uploadId, 'received')
    return { uploadId, isNew: true }
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
  }
  const { rows } = await pool.query<{ id: string; isRevived: boolean }>(
    `with mine as (delete from "Upload" where "id" = $1 returning "hostHint", "isSample"),
          revived as (
            update "Upload" u set "state" = 'received', "problem" = null, "attempts" = 0, "revision" = u."revision" + 1
              from mine
             where u."sha256" = $2 and u."hostHint" is not distinct from mine."hostHint"
               and u."isSample" = mine."isSample" and u."state" = 'failed'
         returning u."id")
     select u."id", exists (select 1 from revived) as "isRevived" from "Upload" u, mine
      where u."sha256" = $2 and u."hostHint" is not distinct from mine."hostHint" and u."isSample" = mine."isSample"`,
    [uploadId, total.sha256],
  )
  const earlier = rows[0]
  // The earlier upload was deleted in this very moment: its deletion wins, the sender hears a failure and sends again.
  if (!earlier) throw new Error('the upload of the same bytes was deleted while this one completed')
  if (earlier.isRevived) await announceUpload(earlier.id, 'received')
  return { uploadId: earlier.id, isNew: false }
}

/** Drops an upload whose sender gave up. */
export async function abandonUpload(uploadId: string): Promise<void> {
  await pool.query(`delete from "Upload" where "id" = $1 and "state" = 'receiving'`, [uploadId])
}

/** Forgets the files inside an upload, before it is read again. */
export async function dropMembers(uploadId: string, member: number | 'all' = 'all'): Promise<void> {
  await pool.query(
    `delete from "UploadChunk" where "uploadId" = $1 and "member" > 0 and "member" = coalesce($2, "member")`,
    [uploadId, member === 'all' ? null : member],
  )
}

/**
 * The bytes as they were sent, piece by piece; a few packed pieces are held at a time, the next ones are fetched
 * meanwhile.
 *
 * @param waitFor asked when the next piece is not there: true when it is worth looking again
 */
export async function* readPieces(
  uploadId: string,
  member = 0,
  waitFor: () => Promise<boolean> = async () => false,
): AsyncGenerator<Buffer> {
  let index = 0
  let next = fetchPieces(uploadId, member, index)
  for (;;) {
    let packed = await next
    while (packed.length === 0 && (await waitFor())) packed = await fetchPieces(uploadId, member, index)
    if (packed.length === 0) return
    index += packed.length
    next = fetchPieces(uploadId, member, index)
    // The consumer may stop here and never ask for the pieces that are under way; their failure must not end the process.
    next.catch(() => {})
    for (const piece of packed) yield unpack(piece)
  }
}

/** Packed pieces from this one on, without a gap; fewer than could be fetched, or none, where they are not stored (yet). */
async function fetchPieces(uploadId: string, member: number, first: number): Promise<Buffer[]> {
  const client = await pool.connect()
  try {
    // Bytes that come by `select` come as hexadecimal text, which takes longer to read than all else. Copying takes no
    // parameters.
    const rows = client.query(
      copyTo(`copy (select "index", "bytes" from "UploadChunk"
                     where "uploadId" = ${pg.escapeLiteral(uploadId)} and "member" = ${Number(member)}
                       and "index" >= ${Number(first)} and "index" < ${Number(first) + PIECES_A_FETCH}
                     order by "index") to stdout (format binary)`),
    )
    const copied = Buffer.concat(await rows.toArray())
    client.release()
    return copiedPieces(copied, first)
  } catch (error) {
    // What is left of the answer would be taken for that of another question.
    client.release(true)
    throw error
  }
}

/**
 * The `bytes` of rows of an index and bytes, up to the first whose index is not the next one.
 *
 * @see PostgreSQL, COPY, "Binary Format": a heading, then for each row the number of its fields, and each behind its length
 */
function copiedPieces(copied: Buffer, first: number): Buffer[] {
  const pieces: Buffer[] = []
  let at = 15 + 4 + copied.readInt32BE(15)
  while (copied.readInt16BE(at) === 2) {
    const index = copied.readInt32BE(at + 6)
    const start = at + 14
    at = start + copied.readInt32BE(start - 4)
    if (index !== first + pieces.length) break
    pieces.push(copied.subarray(start, at))
  }
  return pieces
}

/**
 * Lines of an upload as they were sent, CR stripped, `from` to `to` inclusive and 1-based; at most 5,000. A line over
 * 64 KiB is cut there. Empty when the lines or the upload do not exist.
 *
 * @param source an upload's id, or that of a file inside it (`id.3`)
 */
export async function readUploadLines(source: string, from: number, to: number): Promise<LogLine[]> {
  const { uploadId, member } = splitSource(source)
  const first = Math.max(1, from)
  const last = Math.min(to, first + LINES_PER_ANSWER - 1)
  const pieces = await pool.query<{ index: number; firstLine: number }>(
    `select "index", "firstLine"::float8 from "UploadChunk"
      where "uploadId" = $1 and "member" = $2 and "firstLine" <= $4 and "firstLine" + "lineFeeds" >= $3
      order by "index"`,
    [uploadId, member, first, last],
  )
  const lines = new Map<number, Buffer[]>()
  for (const { index, firstLine } of pieces.rows) {
    const { rows } = await pool.query<{ bytes: Buffer }>(
      `select "bytes" from "UploadChunk" where "uploadId" = $1 and "member" = $2 and "index" = $3`,
      [uploadId, member, index],
    )
    const packed = rows[0]?.bytes
    if (packed) collectLines(unpack(packed), firstLine, { first, last }, lines)
  }
  return [...lines].map(([line, parts]) => ({ line, text: decodeLine(Buffer.concat(parts)) }))
}

/** Adds the parts of wanted lines that lie in this piece; a line may have begun in the piece before. */
function collectLines(
  bytes: Buffer,
  firstLine: number,
  wanted: { first: number; last: number },
  lines: Map<number, Buffer[]>,
): void {
  let line = firstLine
  let start = 0
  while (start < bytes.length && line <= wanted.last) {
    const feed = bytes.indexOf(LINE_FEED, start)
    const end = feed === -1 ? bytes.length : feed
    if (line >= wanted.first) {
      const parts = lines.get(line) ?? []
      const held = parts.reduce((sum, part) => sum + part.length, 0)
      if (held < LINE_LIMIT) parts.push(bytes.subarray(start, Math.min(end, start + LINE_LIMIT - held)))
      lines.set(line, parts)
    }
    if (feed === -1) return
    start = feed + 1
    line += 1
  }
}

function decodeLine(bytes: Buffer): string {
  const text = bytes.toString('utf8')
  return text.endsWith('\r') ? text.slice(0, -1) : text
}

function isUniqueViolation(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '23505'
}

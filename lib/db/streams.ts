import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type pg from 'pg'
import { pool } from '@/lib/db/client'
import { newId } from '@/lib/db/ids'
import { announceUpload } from '@/lib/db/queue'

type Client = Pick<pg.PoolClient, 'query'>
const compress = promisify(gzip)

/** A day (UTC, `2026-11-24`) of what one source tells of one host. */
export interface StreamDay {
  hostId: string
  source: string
  day: string
}

/** A stored line: RFC 5424, in the order of time. */
export interface StoredLine {
  key: Buffer
  atNs: bigint
  weight: number
  text: string
}

export interface NewLine extends StoredLine {
  uptimeUs: bigint
}

/** What is known of a stream's day, locked for the rest of the transaction. */
export interface StreamState {
  uploadId: string | null
  sizeBytes: number
  loose: number
}

/** Makes the day on first contact, and locks it: of two batches for it one waits for the other. */
export async function holdStream(client: Client, { hostId, source, day }: StreamDay): Promise<StreamState> {
  const { rows } = await client.query<StreamState>(
    `insert into "Stream" ("hostId", "source", "day") values ($1, $2, $3)
     on conflict ("hostId", "source", "day") do update set "touchedAt" = now()
     returning "uploadId", "sizeBytes"::float8, "loose"`,
    [hostId, source, day],
  )
  const row = rows[0]
  if (!row) throw new Error(`stream ${source} of ${hostId} was neither found nor made`)
  return row
}

/** Adds lines that are not there yet. @returns those that were new, as indices of `lines` */
export async function addLines(
  client: Client,
  { hostId, source, day }: StreamDay,
  lines: NewLine[],
): Promise<number[]> {
  const { rows } = await client.query<{ key: Buffer }>({
    name: 'add-stream-lines',
    text: `insert into "StreamLine" ("hostId", "source", "day", "key", "atNs", "uptimeUs", "weight", "text")
      select $1, $2, $3::date, l."key", l."atNs", l."uptimeUs", l."weight", l."text"
        from unnest($4::bytea[], $5::int8[], $6::int8[], $7::int2[], $8::text[])
             with ordinality as l("key", "atNs", "uptimeUs", "weight", "text", "nth")
       order by l."nth"
      on conflict ("hostId", "source", "key") do nothing
      returning "key"`,
    values: [
      hostId,
      source,
      day,
      lines.map((line) => line.key),
      lines.map((line) => line.atNs),
      lines.map((line) => line.uptimeUs),
      lines.map((line) => line.weight),
      lines.map((line) => line.text),
    ],
  })
  const added = new Set(rows.map((row) => row.key.toString('hex')))
  return lines.flatMap((line, index) => (added.delete(line.key.toString('hex')) ? [index] : []))
}

/** Counts what was kept, let go, and kept for now only. */
export async function countLines(
  client: Client,
  { hostId, source, day }: StreamDay,
  counts: { sizeBytes: number; kept: number; dropped: number; loose: number },
): Promise<void> {
  await client.query(
    `update "Stream" set "sizeBytes" = "sizeBytes" + $4, "kept" = "kept" + $5, "dropped" = "dropped" + $6, "loose" = "loose" + $7
      where "hostId" = $1 and "source" = $2 and "day" = $3`,
    [hostId, source, day, counts.sizeBytes, counts.kept, counts.dropped, counts.loose],
  )
}

/** The lines of some days in their order: time, then the kernel's clock, then arrival. */
export async function readLines(
  client: Client,
  { hostId, source, days }: { hostId: string; source: string; days: string[] },
): Promise<StoredLine[]> {
  const { rows } = await client.query<{ key: Buffer; atNs: string; weight: number; text: string }>(
    `select "key", "atNs", "weight", "text" from "StreamLine"
      where "hostId" = $1 and "source" = $2 and "day" = any($3::date[])
      order by "atNs", "uptimeUs", "seq"`,
    [hostId, source, days],
  )
  return rows.map((row) => ({ ...row, atNs: BigInt(row.atNs) }))
}

/** Lets lines go that turned out to be nobody's neighbours. */
export async function dropLines(client: Client, stream: StreamDay, lines: StoredLine[]): Promise<void> {
  const { hostId, source, day } = stream
  const { rowCount } = await client.query(
    `delete from "StreamLine" where "hostId" = $1 and "source" = $2 and "day" = $3 and "key" = any($4::bytea[])`,
    [hostId, source, day, lines.map((line) => line.key)],
  )
  const dropped = rowCount ?? 0
  const sizeBytes = -lines.reduce((sum, line) => sum + line.text.length, 0)
  await countLines(client, stream, { sizeBytes, kept: -dropped, dropped, loose: 0 })
  await client.query('update "Stream" set "loose" = 0 where "hostId" = $1 and "source" = $2 and "day" = $3', [
    hostId,
    source,
    day,
  ])
}

/** Days among these that have become an upload. */
export async function listUploadedDays(
  client: Client,
  { hostId, source, days }: { hostId: string; source: string; days: string[] },
): Promise<string[]> {
  const { rows } = await client.query<{ day: string }>(
    `select to_char("day", 'YYYY-MM-DD') as "day" from "Stream"
      where "hostId" = $1 and "source" = $2 and "day" = any($3::date[]) and "uploadId" is not null`,
    [hostId, source, days],
  )
  return rows.map((row) => row.day)
}

/**
 * Has the stream's upload read again, or makes it. While a reader is at it nothing is taken from it: it sees the mark
 * when it has finished (`requeueStream`).
 */
export async function queueStream(
  client: Client,
  stream: StreamDay,
  upload: { hostname: string; name: string },
): Promise<void> {
  const { hostId, source, day } = stream
  const { rows } = await client.query<{ uploadId: string | null }>(
    `update "Stream" set "isBehind" = true where "hostId" = $1 and "source" = $2 and "day" = $3 returning "uploadId"`,
    [hostId, source, day],
  )
  const known = rows[0]?.uploadId ?? null
  if (known !== null) {
    await requeue(client, known)
    return
  }
  const uploadId = newId()
  await client.query(
    `insert into "Upload" ("id", "name", "hostHint", "hostId", "state", "receivedAt") values ($1, $2, $3, $4, 'received', now())`,
    [uploadId, upload.name, upload.hostname, hostId],
  )
  await client.query('update "Stream" set "uploadId" = $4 where "hostId" = $1 and "source" = $2 and "day" = $3', [
    hostId,
    source,
    day,
    uploadId,
  ])
  await announceUpload(uploadId, 'received', client)
}

async function requeue(client: Client, uploadId: string): Promise<void> {
  // The lock makes this wait for a reader that is storing right now, and then see that it has finished.
  const { rows } = await client.query<{ state: string }>('select "state" from "Upload" where "id" = $1 for update', [
    uploadId,
  ])
  if (rows[0]?.state !== 'read' && rows[0]?.state !== 'failed') return
  await client.query(
    `update "Upload" set "state" = 'received', "problem" = null, "attempts" = 0, "revision" = "revision" + 1,
            "leaseOwner" = null, "leaseUntil" = null, "receivedAt" = now()
      where "id" = $1`,
    [uploadId],
  )
  await announceUpload(uploadId, 'received', client)
}

/** To be called when a reader has stored what it read: queues the upload again when lines came meanwhile. */
export async function requeueStream(client: Client, uploadId: string): Promise<void> {
  const { rowCount } = await client.query('select 1 from "Stream" where "uploadId" = $1 and "isBehind"', [uploadId])
  if (rowCount) await requeue(client, uploadId)
}

/** The stream behind an upload, locked, its mark taken off: what is stored now is what will be read. Null for files. */
export async function takeStream(client: Client, uploadId: string): Promise<StreamDay | null> {
  const { rows } = await client.query<StreamDay>(
    `update "Stream" set "isBehind" = false where "uploadId" = $1
     returning "hostId", "source", to_char("day", 'YYYY-MM-DD') as "day"`,
    [uploadId],
  )
  return rows[0] ?? null
}

const PIECE_BYTES = 1024 * 1024

/** Replaces the bytes of a stream's upload by these lines, cut into pieces as an upload's are. */
export async function writeStreamUpload(client: Client, uploadId: string, lines: readonly StoredLine[]): Promise<void> {
  await client.query('delete from "UploadChunk" where "uploadId" = $1', [uploadId])
  const sha256 = createHash('sha256')
  let sizeBytes = 0
  let held: string[] = []
  let heldLength = 0
  let index = 0
  let firstLine = 1
  const flush = async () => {
    const bytes = Buffer.from(held.join(''))
    sha256.update(bytes)
    sizeBytes += bytes.length
    await client.query(
      `insert into "UploadChunk" ("uploadId", "member", "index", "firstLine", "lineFeeds", "sizeBytes", "bytes")
       values ($1, 0, $2, $3, $4, $5, $6)`,
      [uploadId, index, firstLine, held.length, bytes.length, await compress(bytes, { level: 1 })],
    )
    index += 1
    firstLine += held.length
    held = []
    heldLength = 0
  }
  for (const { text } of lines) {
    held.push(`${text}\n`)
    heldLength += text.length + 1
    if (heldLength >= PIECE_BYTES) await flush()
  }
  if (held.length > 0) await flush()
  await client.query('update "Upload" set "sizeBytes" = $2, "lines" = $3, "sha256" = $4 where "id" = $1', [
    uploadId,
    sizeBytes,
    lines.length,
    sha256.digest('hex'),
  ])
}

/** A batch that is sent again comes within hours; after this long without any the lines live in their upload alone. */
const FORGOTTEN_AFTER = '3 days'

/** Forgets streams nothing came to for days. Their uploads stay, complete. */
export async function forgetStreams(): Promise<void> {
  await pool.query(`delete from "Stream" where "touchedAt" < now() - $1::interval and not "isBehind"`, [
    FORGOTTEN_AFTER,
  ])
}

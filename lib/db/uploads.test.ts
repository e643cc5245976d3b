import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { pool } from '@/lib/db/client'
import { claimUpload, extendClaim, failClaim, releaseClaim, tidyQueue } from '@/lib/db/queue'
import { readPieces, readUploadLines } from '@/lib/db/upload-bytes'
import { findUploadState, getUpload, reviseUpload } from '@/lib/db/uploads'
import { storeUpload } from '@/lib/ingest/store-upload'

const DESCRIPTION = {
  name: 'messages',
  host: 'web1',
  isHostFixed: false,
  zone: null,
  year: null,
  modifiedAt: null,
  arrivedAt: null,
  isSample: false,
  createdBy: null,
}

async function* pieces(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text)
}

/** Everything that waits, claimed: what a test leaves behind must not be claimed by the next. */
async function emptyQueue(): Promise<void> {
  while (await claimUpload('emptying'));
}

test('a body comes back byte for byte, whatever pieces it came in', async () => {
  const line = `${'x'.repeat(99)}\n`
  const whole = `${line.repeat(30_000)}no line end`
  const { uploadId } = await storeUpload(
    DESCRIPTION,
    pieces(whole.slice(0, 17), whole.slice(17, 2_000_001), whole.slice(2_000_001)),
  )
  const back: Buffer[] = []
  for await (const piece of readPieces(uploadId)) back.push(piece)
  expect(Buffer.concat(back).toString()).toBe(whole)
  expect(back.length).toBe(3)
  const upload = await getUpload(uploadId)
  expect(upload.sizeBytes).toBe(3_000_011)
  expect(upload.state).toBe('received')
})

test('pieces that were packed with gzip are read like all others', async () => {
  const line = `${'g'.repeat(99)}\n`
  const { uploadId } = await storeUpload({ ...DESCRIPTION, host: 'gzip1' }, pieces(line.repeat(25_000)))
  const { rows } = await pool.query<{ sizeBytes: number }>(
    'select "sizeBytes" from "UploadChunk" where "uploadId" = $1 and "index" = 1',
    [uploadId],
  )
  await pool.query('update "UploadChunk" set "bytes" = $2 where "uploadId" = $1 and "index" = 1', [
    uploadId,
    gzipSync(line.repeat((rows[0]?.sizeBytes ?? 0) / line.length), { level: 1 }),
  ])
  const back: Buffer[] = []
  for await (const piece of readPieces(uploadId)) back.push(piece)
  expect(Buffer.concat(back).toString()).toBe(line.repeat(25_000))
  expect(await readUploadLines(uploadId, 20_000, 20_000)).toEqual([{ line: 20_000, text: 'g'.repeat(99) }])
})

test('a piece that comes before the one in front of it waits for that', async () => {
  const whole = `${'w'.repeat(99)}\n`.repeat(120_000)
  const { uploadId } = await storeUpload({ ...DESCRIPTION, host: 'gap1' }, pieces(whole))
  await pool.query('update "UploadChunk" set "index" = 100 where "uploadId" = $1 and "index" = 2', [uploadId])
  const back: Buffer[] = []
  const cameLate = async () => {
    const { rowCount } = await pool.query(
      'update "UploadChunk" set "index" = 2 where "uploadId" = $1 and "index" = 100',
      [uploadId],
    )
    return rowCount === 1
  }
  for await (const piece of readPieces(uploadId, 0, cameLate)) back.push(piece)
  expect(Buffer.concat(back).toString() === whole).toBe(true)
})

test('any line of an upload is shown with its neighbours', async () => {
  const whole = Array.from({ length: 40_000 }, (_, index) => `line ${index + 1} ${'y'.repeat(60)}`).join('\r\n')
  const { uploadId } = await storeUpload(DESCRIPTION, pieces(whole))
  const lines = await readUploadLines(uploadId, 29_999, 30_001)
  expect(lines.map(({ line, text }) => [line, text.slice(0, 10)])).toEqual([
    [29_999, 'line 29999'],
    [30_000, 'line 30000'],
    [30_001, 'line 30001'],
  ])
  expect(await readUploadLines(uploadId, 40_000, 50_000)).toHaveLength(1)
  expect(await readUploadLines(uploadId, 40_001, 40_010)).toEqual([])
})

test('a line of three megabytes is one line, shown up to 64 KiB', async () => {
  const { uploadId } = await storeUpload(DESCRIPTION, pieces(`first\n${'z'.repeat(3_000_000)}\nthird\n`))
  const lines = await readUploadLines(uploadId, 1, 9)
  expect(lines.map(({ line, text }) => [line, text.length])).toEqual([
    [1, 5],
    [2, 65_536],
    [3, 5],
  ])
})

test('the same bytes for the same host are one upload, also when fifty arrive at once', async () => {
  const all = await Promise.all(
    Array.from({ length: 50 }, () => storeUpload({ ...DESCRIPTION, host: 'db1' }, pieces('the same\n'))),
  )
  expect(new Set(all.map(({ uploadId }) => uploadId)).size).toBe(1)
  expect(all.filter(({ isNew }) => isNew)).toHaveLength(1)
  const other = await storeUpload({ ...DESCRIPTION, host: 'db2' }, pieces('the same\n'))
  expect(other.isNew).toBe(true)
})

test('a body that breaks off leaves nothing', async () => {
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield Buffer.alloc(2_500_000, 'a')
    throw new Error('the sender is gone')
  }
  const before = await pool.query(
    'select count(*)::int as uploads, (select count(*)::int from "UploadChunk") as pieces from "Upload"',
  )
  await expect(storeUpload(DESCRIPTION, broken())).rejects.toThrow('the sender is gone')
  const after = await pool.query(
    'select count(*)::int as uploads, (select count(*)::int from "UploadChunk") as pieces from "Upload"',
  )
  expect(after.rows).toEqual(before.rows)
})

test('an empty body is refused', async () => {
  await expect(storeUpload(DESCRIPTION, pieces())).rejects.toMatchObject({ code: 'invalid' })
})

test('an upload is claimed by one reader only', async () => {
  await emptyQueue()
  await storeUpload(DESCRIPTION, pieces('claimed once\n'))
  const claims = await Promise.all(['a', 'b', 'c', 'd'].map((owner) => claimUpload(owner)))
  expect(claims.filter(Boolean)).toHaveLength(1)
})

test('a claim whose lease ran out is taken again, and the first reader learns of it', async () => {
  await emptyQueue()
  const { uploadId } = await storeUpload(DESCRIPTION, pieces('left behind\n'))
  const first = await claimUpload('killed')
  expect(await claimUpload('other')).toBeNull()
  await pool.query(`update "Upload" set "leaseUntil" = now() - interval '1 second' where "id" = $1`, [uploadId])
  const second = await claimUpload('other')
  expect(second?.uploadId).toBe(uploadId)
  expect(first && (await extendClaim(first))).toBe(false)
  expect(second && (await extendClaim(second))).toBe(true)
})

test('what kills every reader fails after three tries, with words', async () => {
  await emptyQueue()
  const { uploadId } = await storeUpload(DESCRIPTION, pieces('poison\n'))
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    expect((await claimUpload(`reader ${attempt}`))?.uploadId).toBe(uploadId)
    await pool.query(`update "Upload" set "leaseUntil" = now() - interval '1 second' where "id" = $1`, [uploadId])
  }
  expect(await claimUpload('reader 4')).toBeNull()
  await tidyQueue()
  const state = await findUploadState(uploadId)
  expect(state?.state).toBe('failed')
  expect(state?.problem).toContain('begun 3 times')
})

test('sending a failed upload again queues it again', async () => {
  await emptyQueue()
  const { uploadId } = await storeUpload(DESCRIPTION, pieces('failed before\n'))
  const claim = await claimUpload('reader')
  if (claim) await failClaim(claim, 'It could not be read.')
  expect(await findUploadState(uploadId)).toMatchObject({ state: 'failed', problem: 'It could not be read.' })
  const again = await storeUpload(DESCRIPTION, pieces('failed before\n'))
  expect(again).toEqual({ uploadId, isNew: false })
  expect((await claimUpload('reader'))?.uploadId).toBe(uploadId)
})

test('a released claim does not count as a try', async () => {
  await emptyQueue()
  await storeUpload(DESCRIPTION, pieces('stopped in order\n'))
  for (let attempt = 1; attempt <= 5; attempt += 1) {
    const claim = await claimUpload('reader')
    expect(claim).not.toBeNull()
    if (claim) await releaseClaim(claim)
  }
})

test('a revision makes the running reader lose its claim and stands above the hints', async () => {
  await emptyQueue()
  const { uploadId } = await storeUpload(DESCRIPTION, pieces('revised\n'))
  const claim = await claimUpload('reader')
  await reviseUpload(uploadId, { year: 2007, host: 'mail' })
  expect(claim && (await extendClaim(claim))).toBe(false)
  const next = await claimUpload('reader')
  expect(next).toMatchObject({ uploadId, isHostFixed: true, hints: { host: 'mail', year: 2007, zone: null } })
})

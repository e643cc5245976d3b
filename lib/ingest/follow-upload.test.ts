import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { pool } from '@/lib/db/client'
import { type Claim, claimUpload, findArriving } from '@/lib/db/queue'
import { getUpload } from '@/lib/db/uploads'
import { followUpload } from '@/lib/ingest/follow-upload'
import { storeUpload } from '@/lib/ingest/store-upload'

const MEGABYTE = 1024 ** 2
const LINE = 'Mar 14 08:00:00 follow1 sshd[1]: Accepted publickey for deploy from 192.0.2.7 port 4000 ssh2\n'
const KILL =
  'Mar 14 09:30:01 follow1 kernel: Out of memory: Killed process 812 (ruby) total-vm:4096kB, anon-rss:2048kB, file-rss:0kB, shmem-rss:0kB\n'

/** A sender that has sent some megabytes of everyday lines and waits; it goes on when told. */
function sender(host: string, begin: Buffer = Buffer.from(LINE.repeat(Math.ceil((6 * MEGABYTE) / LINE.length)))) {
  let goOn: (rest: string | Error) => void = () => {}
  const rest = new Promise<string | Error>((resolve) => {
    goOn = resolve
  })
  async function* body(): AsyncGenerator<Uint8Array> {
    yield begin
    const end = await rest
    if (end instanceof Error) throw end
    yield Buffer.from(end)
  }
  const description = { name: 'messages', host, isHostFixed: false, zone: 'UTC', year: 2024, modifiedAt: null }
  const stored = storeUpload({ ...description, arrivedAt: null, isSample: false, createdBy: null }, body())
  return { stored, goOn }
}

/** The upload of this host, as soon as some of its bytes are stored. */
async function arriving(host: string): Promise<Claim> {
  for (;;) {
    const { rows } = await pool.query<{ id: string }>(
      `select u."id" from "Upload" u join "UploadChunk" c on c."uploadId" = u."id" and c."index" = 4
        where u."hostHint" = $1`,
      [host],
    )
    const claim = rows[0] ? await findArriving(rows[0].id, 'follower') : null
    if (claim) return claim
  }
}

const never = () => new AbortController().signal

test('an upload that is followed tells what it tells when it is read at its end', async () => {
  const { stored, goOn } = sender('follow1')
  const claim = await arriving('follow1')
  const followed = followUpload(claim, never())
  expect((await getUpload(claim.uploadId)).state).toBe('receiving')
  goOn(KILL)
  const { uploadId } = await stored
  expect(await followed).toBe(true)
  const upload = await getUpload(uploadId)
  expect(upload).toMatchObject({ state: 'read', hostname: 'follow1', incidents: [{ killCount: 1 }] })
  const lines = upload.receipts[0]?.account.lines
  expect(lines).toBe(Math.ceil((6 * MEGABYTE) / LINE.length) + 1)
  expect(await claimUpload('another', uploadId)).toBeNull()
})

test('nothing is kept of an upload that breaks off while it is followed', async () => {
  const { stored, goOn } = sender('follow2', Buffer.from(KILL + LINE.repeat(70_000)))
  const claim = await arriving('follow2')
  const followed = followUpload(claim, never())
  goOn(new Error('the sender is gone'))
  await expect(stored).rejects.toThrow('the sender is gone')
  expect(await followed).toBe(false)
  const { rows } = await pool.query('select 1 from "Host" where "name" = $1', ['follow2'])
  expect(rows).toEqual([])
})

test('an upload that another reader takes at its end is left to that one', async () => {
  const { stored, goOn } = sender('follow3')
  const claim = await arriving('follow3')
  goOn(KILL)
  const { uploadId } = await stored
  const other = await claimUpload('another', uploadId)
  expect(other?.uploadId).toBe(uploadId)
  expect(await followUpload(claim, never())).toBe(false)
  expect((await getUpload(uploadId)).state).toBe('reading')
})

test('a reader with other work leaves the upload in the queue', async () => {
  const { stored, goOn } = sender('follow4')
  const claim = await arriving('follow4')
  const other = new AbortController()
  const followed = followUpload(claim, other.signal)
  other.abort()
  expect(await followed).toBe(false)
  goOn(KILL)
  const { uploadId } = await stored
  expect((await claimUpload('another', uploadId))?.uploadId).toBe(uploadId)
})

test('a packed upload is not followed', async () => {
  // Not packed well, so that some megabytes are left.
  const packed = gzipSync(LINE.repeat(70_000), { level: 0 })
  const { stored, goOn } = sender('follow5', packed)
  const claim = await arriving('follow5')
  expect(await followUpload(claim, never())).toBe(false)
  goOn('')
  const { uploadId } = await stored
  expect((await claimUpload('another', uploadId))?.uploadId).toBe(uploadId)
})

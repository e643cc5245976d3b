import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { closeDatabase } from '@/lib/db/client'
import { forgetCounters } from '@/lib/db/counters'
import { listen } from '@/lib/db/listen'
import { type Claim, claimUpload, extendClaim, failClaim, findArriving, releaseClaim, tidyQueue } from '@/lib/db/queue'
import { forgetStreams } from '@/lib/db/streams'
import { isUnavailable } from '@/lib/db/trouble'
import { AppError } from '@/lib/errors'
import { STATE_PREFIX } from '@/lib/ingest/containers'
import { followMeasurements } from '@/lib/ingest/explain-again'
import { followUpload } from '@/lib/ingest/follow-upload'
import { readUpload } from '@/lib/ingest/read-upload'
import { keepRetention } from '@/lib/ingest/retention'

/** Announcements can be missed while the connection is made again, so the queue is looked at now and then as well. */
const LOOK_EVERY_MS = 5_000
const BEAT_MS = 5_000
const TIDY_EVERY_MS = 60_000
const PAUSE_AFTER_ERROR_MS = 2_000

const owner = `${hostname()} ${process.pid} ${randomUUID()}`
const stopping = new AbortController()
let wake = () => {}

process.once('SIGTERM', () => stopping.abort())
process.once('SIGINT', () => stopping.abort())
process.once('disconnect', () => stopping.abort())
stopping.signal.addEventListener('abort', () => wake())

// The launcher takes silence for a hang: a parser that never returns is ended, and the upload fails after some tries.
const beat = setInterval(() => process.connected && process.send?.({ isAlive: true }), BEAT_MS)
const tidy = setInterval(
  () => void Promise.all([tidyQueue(), forgetStreams(), forgetCounters(STATE_PREFIX)]).catch(report),
  TIDY_EVERY_MS,
)
const stopRetention = keepRetention(report)
const again = followMeasurements(report)
/** The upload that began to arrive last; the one that is followed, if any; and what ends following when others wait. */
let arriving: string | null = null
let followed: string | null = null
let others = new AbortController()
const unlisten = listen((message) => {
  if ('measured' in message) again.note({ hostIds: message.measured, from: message.from, to: message.to })
  if (!('upload' in message)) return
  if (message.state === 'receiving') arriving = message.upload
  if (message.state === 'received' && message.upload !== followed) others.abort()
  if (message.state === 'receiving' || message.state === 'received') wake()
})

await tidyQueue().catch(report)
while (!stopping.signal.aborted) {
  const worked = await workOnce().catch(async (error: unknown) => {
    report(error)
    await rest(PAUSE_AFTER_ERROR_MS)
    return false
  })
  if (!worked) await rest(LOOK_EVERY_MS)
}
clearInterval(beat)
clearInterval(tidy)
stopRetention()
again.stop()
await unlisten()
await closeDatabase()
process.exit(0)

/** Reads one upload, if one waits, else the one that arrives, if one does. */
async function workOnce(): Promise<boolean> {
  others = new AbortController()
  followed = arriving
  const waiting = await claimUpload(owner)
  if (waiting) {
    await hold(waiting, () => readUpload(waiting, stopping.signal))
    return true
  }
  arriving = null
  const coming = followed === null ? null : await findArriving(followed, owner)
  if (!coming) return false
  await hold(coming, () => followUpload(coming, AbortSignal.any([stopping.signal, others.signal])))
  return true
}

/** Works on an upload while its lease is extended. */
async function hold(claim: Claim, work: () => Promise<boolean>): Promise<void> {
  const lease = setInterval(() => void extendClaim(claim).catch(report), BEAT_MS)
  try {
    await work()
  } catch (error) {
    await giveUp(claim, error)
  } finally {
    clearInterval(lease)
  }
}

async function giveUp(claim: Claim, error: unknown): Promise<void> {
  if (stopping.signal.aborted) {
    await releaseClaim(claim)
  } else if (error instanceof AppError) {
    await failClaim(claim, error.detail)
  } else if (isUnavailable(error)) {
    // Not the upload's fault: it is taken up again when the database answers, or when the lease has run out.
    await releaseClaim(claim).catch(() => {})
    throw error
  } else {
    report(error)
    await failClaim(
      claim,
      'Reading this upload failed because of a fault in oomscope. Its bytes are kept; the server log has the details.',
    )
  }
}

/** Until woken, or for this long. */
function rest(ms: number): Promise<void> {
  if (stopping.signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    wake = () => {
      clearTimeout(timer)
      resolve()
    }
  })
}

function report(error: unknown): void {
  if (isUnavailable(error))
    console.error('worker: the database cannot be reached:', error instanceof Error ? error.message : error)
  else console.error('worker:', error)
}

import { receive } from '@/app/api/ingest/receive'
import { findRecordBatch } from '@/app/api/ingest/record-batch'
import { answerUpload } from '@/app/api/v1/logs/upload-answer'
import { logSearch } from '@/app/api/v1/schemas'
import { type Agent, permittedHost, requireAgent } from '@/lib/auth/agent'
import type { UploadDescription } from '@/lib/db/upload-bytes'
import { getUpload } from '@/lib/db/uploads'
import { env } from '@/lib/env'
import { AppError } from '@/lib/errors'
import { bodyBytes } from '@/lib/http/body'
import { route } from '@/lib/http/route'
import { searchOf } from '@/lib/http/search'
import type { Sent } from '@/lib/http/sent'
import { storeUpload } from '@/lib/ingest/store-upload'
import { waitForReceipt } from '@/lib/ingest/wait'

const WAIT_MS = 5_000

/** Stores a log and waits a moment for what is found in it. 201 stored, 200 known already, 202 not read yet. */
export const POST = route(async (sent: Sent) => {
  // Agents that send records in batches are pointed here too; theirs is a stream, not a file.
  const { request, isRecordBatch } = await findRecordBatch(sent)
  if (isRecordBatch) return receive(request, 'json', [])
  const agent = await requireAgent(request, 'ingest')
  const description = describeUpload(request, agent)
  const limits = { wire: env.OOMSCOPE_UPLOAD_LIMIT, expanded: env.OOMSCOPE_EXPANDED_LIMIT }
  const { uploadId, isNew } = await storeUpload(description, bodyBytes(request, limits))
  await waitForReceipt(uploadId, { upToMs: WAIT_MS, signal: request.signal })
  return answerUpload(request, await getUpload(uploadId), isNew)
})

// curl -T sends PUT.
export const PUT = POST

function describeUpload(request: Sent, agent: Agent): UploadDescription {
  if (/^multipart\//i.test(request.headers.get('content-type') ?? '')) {
    throw new AppError('unsupported-type', 'Send the bytes of the file as the body, not a form: curl -T FILE URL')
  }
  const { host, name, tz, year, modified } = searchOf(request, logSearch)
  const permitted = permittedHost(agent, host ?? null)
  if (permitted === null && agent.host !== null) {
    throw new AppError(
      'invalid',
      `Name the host, with ?host=: the token "${agent.name}" may write for "${agent.host}".`,
    )
  }
  return {
    name: name ?? 'log',
    host: permitted,
    isHostFixed: agent.host !== null,
    zone: tz ?? null,
    year: year ?? null,
    modifiedAt: modified ?? null,
    arrivedAt: null,
    isSample: false,
    createdBy: agent.id,
  }
}

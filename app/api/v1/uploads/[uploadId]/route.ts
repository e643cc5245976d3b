import { uploadRevision } from '@/app/api/v1/schemas'
import { requireAgent } from '@/lib/auth/agent'
import { recordAudit } from '@/lib/db/audit'
import { getUpload, reviseUpload } from '@/lib/db/uploads'
import { json, noContent } from '@/lib/http/answer'
import { bodyJson } from '@/lib/http/body'
import { route } from '@/lib/http/route'
import { removeUpload } from '@/lib/ingest/remove-upload'

type Context = RouteContext<'/api/v1/uploads/[uploadId]'>

/** State, receipt and incidents of an upload. */
export const GET = route(async (request: Request, { params }: Context) => {
  await requireAgent(request, 'read')
  return json(await getUpload((await params).uploadId))
})

/** Chooses year, zone or host, and has the upload read again: 202. */
export const PATCH = route(async (request: Request, { params }: Context) => {
  await requireAgent(request, 'admin')
  const { uploadId } = await params
  await reviseUpload(uploadId, uploadRevision.parse(await bodyJson(request)))
  return json(await getUpload(uploadId), { status: 202 })
})

/** Deletes an upload and everything that no other upload tells: 204. */
export const DELETE = route(async (request: Request, { params }: Context) => {
  const agent = await requireAgent(request, 'admin')
  const { uploadId } = await params
  const { name } = await getUpload(uploadId)
  await removeUpload(uploadId)
  await recordAudit(agent, 'upload-deleted', `${name} (${uploadId})`)
  return noContent()
})

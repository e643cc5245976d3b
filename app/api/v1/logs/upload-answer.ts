import type { Upload } from '@/lib/analysis/upload'
import { AppError } from '@/lib/errors'
import { json, text, wantsText } from '@/lib/http/answer'
import { publicUrl } from '@/lib/http/public-url'
import { routes } from '@/lib/routes'
import { sayTitle } from '@/lib/text/say'

/**
 * What the sender of a log hears: 201 when it was stored now, 200 when it was known, 202 while it is still being read.
 * As text/plain one incident link a line, else JSON with links and counts.
 *
 * @throws AppError 'unreadable' when its reading failed
 */
export function answerUpload(request: Pick<Request, 'headers'>, upload: Upload, isNew: boolean): Response {
  if (upload.state === 'failed') throw new AppError('unreadable', upload.problem ?? 'The file could not be read.')
  const base = publicUrl(request.headers)
  const receipt = `${base}${routes.uploadReceipt(upload.id)}`
  const status = upload.state !== 'read' ? 202 : isNew ? 201 : 200
  const headers = { location: receipt }
  if (wantsText(request)) return text(linesFor(upload, base, receipt), { status, headers })
  const body = {
    upload: { id: upload.id, state: upload.state, host: upload.hostname, url: receipt, isNew },
    incidents: upload.incidents.map((incident) => ({
      id: incident.id,
      url: `${base}${routes.incident(incident.id)}`,
      title: sayTitle(incident.title),
      kills: incident.killCount,
    })),
    files: upload.receipts.map(({ name, kind, account, counts }) => ({ name, kind, lines: account.lines, ...counts })),
  }
  return json(body, { status, headers })
}

function linesFor(upload: Upload, base: string, receipt: string): string {
  if (upload.state !== 'read') return `Stored, still being read: ${receipt}\n`
  if (upload.incidents.length === 0) return `No incident in it; what was read: ${receipt}\n`
  return upload.incidents.map(({ id }) => `${base}${routes.incident(id)}\n`).join('')
}

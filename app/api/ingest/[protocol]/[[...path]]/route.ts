import { receive } from '@/app/api/ingest/receive'
import type { Sent } from '@/lib/http/sent'

type Context = { params: Promise<{ protocol: string; path?: string[] }> }

/** Everything under `/api/ingest/<protocol>/…`: the path is whatever a sender appends to the address it was given. */
async function handle(request: Sent, { params }: Context): Promise<Response> {
  const { protocol, path = [] } = await params
  return receive(request, protocol, path.map(decodeSegment))
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

export const GET = handle
export const HEAD = handle
export const OPTIONS = handle
export const POST = handle
export const PUT = handle

import { receive } from '@/app/api/ingest/receive'
import type { Sent } from '@/lib/http/sent'

/** Netdata's JSON exporter posts to `/api/put` of its destination and cannot be told another path. */
export const POST = (request: Sent) => receive(request, 'netdata', ['api', 'put'])

import { receive } from '@/app/api/ingest/receive'
import type { Sent } from '@/lib/http/sent'

/** rsyslog's omelasticsearch posts to `/_bulk` of its server and cannot be told another path. */
export const POST = (request: Sent) => receive(request, 'elasticsearch', ['_bulk'])
export const PUT = POST

import { receive } from '@/app/api/ingest/receive'
import type { Sent } from '@/lib/http/sent'

/** Asked by rsyslog's omelasticsearch at the root of its server before it comes back to one that was away. */
export const GET = (request: Sent) => receive(request, 'elasticsearch', ['_cat', 'health'])
export const HEAD = GET

import { receive } from '@/app/api/ingest/receive'

/** Asked by rsyslog's omelasticsearch at the root of its server before it comes back to one that was away. */
export const GET = (request: Request) => receive(request, 'elasticsearch', ['_cat', 'health'])
export const HEAD = GET

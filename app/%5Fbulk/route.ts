import { receive } from '@/app/api/ingest/receive'

/** rsyslog's omelasticsearch posts to `/_bulk` of its server and cannot be told another path. */
export const POST = (request: Request) => receive(request, 'elasticsearch', ['_bulk'])
export const PUT = POST

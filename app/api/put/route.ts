import { receive } from '@/app/api/ingest/receive'

/** Netdata's JSON exporter posts to `/api/put` of its destination and cannot be told another path. */
export const POST = (request: Request) => receive(request, 'netdata', ['api', 'put'])

import { pingDatabase } from '@/lib/db/client'
import { route } from '@/lib/http/route'

/** Requests can be served: the database answers. 503 while it does not. */
export const GET = route(async () => {
  await pingDatabase()
  return new Response('ready\n', { headers: { 'cache-control': 'no-store' } })
})

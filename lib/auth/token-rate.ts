import type { Permission } from '@/lib/auth/permissions'
import { AppError } from '@/lib/errors'
import { RateLimit } from '@/lib/http/rate-limit'

const KEYS = 10_000
// One token may serve a whole fleet, and catch up after an outage.
const sending = new RateLimit({ perSecond: 1_000, burst: 10_000, keys: KEYS })
const asking = new RateLimit({ perSecond: 50, burst: 500, keys: KEYS })

/** Counts a request of a token. @throws AppError 'too-many-requests', with the seconds after which to come back */
export function takeTurn(tokenId: string, permission: Permission): void {
  const waitSeconds = (permission === 'ingest' ? sending : asking).take(tokenId, Date.now())
  if (waitSeconds === 0) return
  throw new AppError('too-many-requests', 'This token sends more than its share of requests.', [], waitSeconds)
}

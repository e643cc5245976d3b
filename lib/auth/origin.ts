import { AppError } from '@/lib/errors'
import { ownOrigins } from '@/lib/http/public-url'

/**
 * Refuses a writing request that a foreign page made a signed-in browser send. Browsers always send `Origin` with
 * these; a missing one and `null` count as foreign.
 *
 * @throws AppError 'forbidden'
 */
export function requireOwnOrigin(headers: Headers): void {
  const origin = headers.get('origin')
  if (origin !== null && ownOrigins(headers).includes(origin)) return
  throw new AppError('forbidden', 'This request does not come from a page of this instance.')
}

import { newTokenText } from '@/lib/auth/token-text'
import { type ApiToken, saveToken, type TokenScope } from '@/lib/db/tokens'
import { AppError } from '@/lib/errors'
import type { EpochMs } from '@/lib/units'

/**
 * Makes a token.
 *
 * @returns it with its secret, which is stored nowhere and can be shown this once
 * @throws AppError 'invalid' when it is bound to hosts and may do more than send: a bound cannot hold that back
 */
export async function issueToken(token: {
  name: string
  scopes: TokenScope[]
  host: string | null
  expiresAt: EpochMs | null
  createdById: string | null
}): Promise<{ token: ApiToken; secret: string }> {
  if (token.host !== null && token.scopes.some((scope) => scope !== 'ingest')) {
    throw new AppError('invalid', 'Only a token that may do nothing but send can be bound to hosts.')
  }
  const secret = newTokenText()
  return { token: await saveToken(secret, token), secret }
}

import { newTokenText } from '@/lib/auth/token-text'
import { type ApiToken, saveToken, type TokenScope } from '@/lib/db/tokens'
import type { EpochMs } from '@/lib/units'

/** Makes a token. @returns it with its secret, which is stored nowhere and can be shown this once */
export async function issueToken(token: {
  name: string
  scopes: TokenScope[]
  host: string | null
  expiresAt: EpochMs | null
  createdById: string | null
}): Promise<{ token: ApiToken; secret: string }> {
  const secret = newTokenText()
  return { token: await saveToken(secret, token), secret }
}

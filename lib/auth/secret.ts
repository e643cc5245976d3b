import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { env } from '@/lib/env'

let secret: string | null = null

/** Signs sessions; from the environment, else from the file the launcher made. Never in the database or a backup. */
export function sessionSecret(): string {
  secret ??=
    env.OOMSCOPE_SECRET ?? readFileSync(env.OOMSCOPE_SECRET_FILE ?? join(env.OOMSCOPE_DATA, 'secret'), 'utf8').trim()
  return secret
}

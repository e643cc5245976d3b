import { readFileSync } from 'node:fs'
import { env } from '@/lib/env'

let secret: string | null = null

/** Signs sessions; from the environment, else from the file the launcher made. Never in the database or a backup. */
export function sessionSecret(): string {
  secret ??= env.OOMSCOPE_SECRET ?? readSecretFile()
  return secret
}

function readSecretFile(): string {
  const file = env.OOMSCOPE_SECRET_FILE
  if (file === undefined) throw new Error('neither OOMSCOPE_SECRET nor OOMSCOPE_SECRET_FILE is set')
  // Without the comment the build would take the whole project for something this call may read.
  return readFileSync(/* turbopackIgnore: true */ file, 'utf8').trim()
}

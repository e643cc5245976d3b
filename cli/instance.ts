import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { projectPath } from '@/cli/project'
import { AppError } from '@/lib/errors'

/** The files in which a running instance says how its database is reached, the likeliest first. */
function candidates(): string[] {
  const data = process.env.OOMSCOPE_DATA
  return data ? [`${data}/instance.json`] : [projectPath('data/instance.json'), '/var/lib/oomscope/data/instance.json']
}

/**
 * Lets commands reach the database of the instance that runs here, unless DATABASE_URL says which. To be called before
 * anything of `lib/db` is loaded: it reads the environment once.
 *
 * @throws AppError 'unavailable' when no instance runs here
 */
export function connectToInstance(): void {
  if (process.env.DATABASE_URL) return
  for (const file of candidates()) {
    try {
      const { databaseUrl, secretFile } = JSON.parse(readFileSync(file, 'utf8'))
      process.env.DATABASE_URL = String(databaseUrl)
      process.env.OOMSCOPE_DATA ??= dirname(file)
      process.env.OOMSCOPE_SECRET_FILE ??= String(secretFile)
      return
    } catch {
      // Not there, or not ours to read: the next place.
    }
  }
  throw new AppError(
    'unavailable',
    'No running instance was found here. Start it (npm start), or set OOMSCOPE_DATA or DATABASE_URL.',
  )
}

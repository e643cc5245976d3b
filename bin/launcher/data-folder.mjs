import { randomBytes } from 'node:crypto'
import { chmodSync, chownSync, existsSync, mkdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { canUse } from './account.mjs'
import { SYSTEM_FOLDER } from './runtime.mjs'
import { StartError } from './terminal.mjs'

/**
 * Makes the data folder: OOMSCOPE_DATA, else `data` in the project, else the system's place when the account that
 * will run the database cannot enter the project.
 *
 * @returns its path, links resolved
 */
export function makeDataFolder({ root, account }) {
  const chosen = process.env.OOMSCOPE_DATA
  const path = chosen ? resolve(chosen) : canUse(account, root) ? join(root, 'data') : join(SYSTEM_FOLDER, 'data')
  try {
    mkdirSync(path, { recursive: true, mode: 0o755 })
    if (account.isOther) chownSync(path, account.uid, account.gid)
    chmodSync(path, 0o700)
  } catch (error) {
    throw new StartError(
      `The data folder ${path} cannot be made (${error.code}). Choose another: OOMSCOPE_DATA=/path npm start`,
    )
  }
  if (!canUse(account, path)) {
    throw new StartError(
      `The data folder ${path} cannot be entered by the account "${account.name}", which runs the database.\nChoose one it can enter: OOMSCOPE_DATA=${SYSTEM_FOLDER}/data npm start`,
    )
  }
  return realpathSync(path)
}

/** The file of the secret that signs sessions; made once, readable by its account only, never in the database. */
export function secretFile({ data, account }) {
  if (process.env.OOMSCOPE_SECRET_FILE) return resolve(process.env.OOMSCOPE_SECRET_FILE)
  const file = join(data, 'secret')
  if (!existsSync(file)) writeFileSync(file, randomBytes(32).toString('hex'), { mode: 0o600, flag: 'wx' })
  if (account.isOther) chownSync(file, account.uid, account.gid)
  return file
}

/** Tells the command line how the database of this instance is reached (cli/instance.ts). */
export function writeInstance({ data, account, env }) {
  const file = join(data, 'instance.json')
  rmSync(file, { force: true })
  const facts = { databaseUrl: env.DATABASE_URL, secretFile: env.OOMSCOPE_SECRET_FILE }
  writeFileSync(file, `${JSON.stringify(facts)}\n`, { mode: 0o600, flag: 'wx' })
  if (account.isOther) chownSync(file, account.uid, account.gid)
}

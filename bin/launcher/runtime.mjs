import {
  chmodSync,
  copyFileSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { canUse } from './account.mjs'
import { BUILD_FOLDER, programFile } from './build.mjs'
import { postgresFolder } from './postgres.mjs'

/** Where an account that cannot enter the project finds what it runs, and by default its data. */
export const SYSTEM_FOLDER = '/var/lib/oomscope'

/** Older builds that stay though nothing runs from them: going back to one costs nothing then. */
const KEPT_BUILDS = 2
/** In a build, one empty file for each launcher that runs from it, named by its process id. */
const USERS = '.users'

/**
 * Puts together what web and worker run from: the traced server, its assets and our programs, as hard links, so that a
 * build never changes files under a running server. The account that cannot enter the project (a clone under /root)
 * gets it, PostgreSQL and if need be Node itself under /var/lib/oomscope. See docs/decisions/0005.
 *
 * @returns {{ folder: string, node: string, postgres: () => string }}
 */
export function assembleRuntime({ root, stamp, account }) {
  const isInside = canUse(account, root)
  const home = isInside ? join(root, BUILD_FOLDER) : SYSTEM_FOLDER
  const builds = join(home, 'runtime')
  const folder = join(builds, stamp)
  if (!existsSync(folder)) {
    const unfinished = `${folder}.${process.pid}`
    rmSync(unfinished, { recursive: true, force: true })
    linkTree(join(root, '.next/standalone'), unfinished)
    linkTree(join(root, '.next/static'), join(unfinished, '.next/static'))
    if (existsSync(join(root, 'public'))) linkTree(join(root, 'public'), join(unfinished, 'public'))
    linkTree(join(root, 'prisma/migrations'), join(unfinished, 'migrations'))
    for (const name of ['web', 'worker', 'prepare']) {
      for (const file of [programFile(root, name), `${programFile(root, name)}.map`]) {
        linkFile(file, join(unfinished, file.slice(file.lastIndexOf('/') + 1)))
      }
    }
    renameSync(unfinished, folder)
  }
  mkdirSync(join(folder, USERS), { recursive: true })
  writeFileSync(join(folder, USERS, String(process.pid)), '')
  forgetOldBuilds(builds, stamp)
  return {
    folder,
    node: isInside ? process.execPath : usableNode(account),
    postgres: () => (isInside ? postgresFolder(root) : mirrorPostgres(root)),
  }
}

/** The PostgreSQL programs where the account can reach them. */
function mirrorPostgres(root) {
  const source = postgresFolder(root)
  const { ino } = lstatSync(join(source, 'bin/postgres'))
  // Named after the file it came from: another version is another folder.
  const folder = join(SYSTEM_FOLDER, `postgres-${ino}`, 'native')
  if (!existsSync(folder)) {
    const unfinished = `${folder}.${process.pid}`
    linkTree(source, unfinished)
    renameSync(unfinished, folder)
  }
  return folder
}

/** This Node, or a link to it where the account can reach it: it may have been installed in root's own home. */
function usableNode(account) {
  const node = realpathSync(process.execPath)
  if (canUse(account, node)) return node
  const link = join(SYSTEM_FOLDER, `node-${process.versions.node}`)
  if (!existsSync(link)) linkFile(node, link)
  return link
}

/** Removes older builds, but none that another instance of this project still runs from. */
function forgetOldBuilds(builds, stamp) {
  const others = readdirSync(builds)
    .filter((name) => name !== stamp && !isInUse(join(builds, name)))
    .map((name) => ({ path: join(builds, name), at: lstatSync(join(builds, name)).mtimeMs }))
    .sort((a, b) => b.at - a.at)
  for (const { path } of others.slice(KEPT_BUILDS)) rmSync(path, { recursive: true, force: true })
}

function isInUse(folder) {
  const users = join(folder, USERS)
  return existsSync(users) && readdirSync(users).some((pid) => isAlive(Number(pid)))
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

function linkTree(source, target) {
  mkdirSync(target, { recursive: true, mode: 0o755 })
  for (const entry of readdirSync(source, { withFileTypes: true })) {
    const from = join(source, entry.name)
    const to = join(target, entry.name)
    if (entry.isDirectory()) linkTree(from, to)
    else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(from), to)
    else linkFile(from, to)
  }
}

/** A hard link where the file may be read by all and lies on the same file system, else a copy that may. */
function linkFile(source, target) {
  mkdirSync(dirname(target), { recursive: true })
  // The build may have traced a file that is also linked as an asset.
  rmSync(target, { force: true })
  const { mode } = lstatSync(source)
  if ((mode & 0o004) !== 0) {
    try {
      linkSync(source, target)
      return
    } catch (error) {
      // The build traces files of `public` that the code names; they are linked twice.
      if (error.code === 'EEXIST') return
      if (error.code !== 'EXDEV' && error.code !== 'EPERM' && error.code !== 'EMLINK') throw error
    }
  }
  copyFileSync(source, target)
  chmodSync(target, (mode & 0o100) !== 0 ? 0o755 : 0o644)
}

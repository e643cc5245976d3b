import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { StartError, say } from './terminal.mjs'

const MINIMUM_NODE = [20, 19]

/** @throws StartError when this Node is too old */
export function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > MINIMUM_NODE[0] || (major === MINIMUM_NODE[0] && minor >= MINIMUM_NODE[1])) return
  throw new StartError(
    `oomscope needs Node.js ${MINIMUM_NODE.join('.')} or later; this is ${process.versions.node}. https://nodejs.org has newer ones.`,
  )
}

/** Installs the packages of the lock file unless they are there. */
export function installPackages(root) {
  if (isInstalled(root)) return
  say('Installing packages (once, and after an update) …')
  const [command, ...start] = npmCommand()
  const { status } = spawnSync(command, [...start, 'ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  if (status === 0) return
  throw new StartError('npm could not install the packages; its words are above. Is the package registry reachable?')
}

/** npm as it started us, else the one on the path. */
export function npmCommand() {
  const script = process.env.npm_execpath
  return script && existsSync(script) ? [process.execPath, script] : ['npm']
}

/** True when every package that the lock file demands on this platform is there in its version. */
function isInstalled(root) {
  const wanted = readPackages(join(root, 'package-lock.json'))
  const found = readPackages(join(root, 'node_modules', '.package-lock.json'))
  if (!wanted || !found) return false
  return Object.entries(wanted).every(([path, { version, optional, devOptional, link }]) => {
    if (path === '' || link) return true
    return path in found ? found[path].version === version : optional === true || devOptional === true
  })
}

function readPackages(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages
  } catch {
    return null
  }
}

import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { say } from './terminal.mjs'

const SYSTEM_NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']

/**
 * The browser for the end-to-end tests: the one named by PLAYWRIGHT_CHROMIUM, Playwright's own, one of the system, or
 * one that is installed now.
 *
 * @param run runs a package's program and gives its exit code
 * @returns path of its program
 */
export async function findChromium(root, run) {
  const found = process.env.PLAYWRIGHT_CHROMIUM || (await playwrightsOwn(root)) || onPath()
  if (found) return found
  say('There is no Chromium here; Playwright installs one …')
  const asRoot = process.getuid?.() === 0
  await run(['@playwright/test/cli.js', 'install', ...(asRoot ? ['--with-deps'] : []), 'chromium'])
  const installed = await playwrightsOwn(root)
  if (installed) return installed
  if (asRoot && spawnSync('apt-get', ['--version']).status === 0) {
    say('Playwright could not; apt-get installs the system’s Chromium …')
    spawnSync('apt-get', ['update'], { stdio: 'inherit' })
    spawnSync('apt-get', ['install', '--yes', '--no-install-recommends', 'chromium'], { stdio: 'inherit' })
  }
  const system = onPath()
  if (system) return system
  throw new Error(
    'No Chromium could be found or installed. Install one, or name one: PLAYWRIGHT_CHROMIUM=/path npm test',
  )
}

async function playwrightsOwn(root) {
  const { chromium } = await import(pathToFileURL(join(root, 'node_modules/@playwright/test/index.mjs')).href)
  const path = chromium.executablePath()
  return existsSync(path) ? path : null
}

function onPath() {
  const folders = (process.env.PATH ?? '').split(':')
  for (const name of SYSTEM_NAMES) {
    const folder = folders.find((candidate) => candidate !== '' && existsSync(join(candidate, name)))
    if (folder) return join(folder, name)
  }
  return null
}

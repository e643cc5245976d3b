#!/usr/bin/env node
// Runs the TypeScript of `cli/` straight from a checkout: bundles it once for each state of the sources, then reuses it.
import { createHash } from 'node:crypto'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { generateClient } from './launcher/build.mjs'

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
const KEPT_MS = 7 * 86_400_000

/** Hash of everything a bundle can contain, so that a changed source is never met by an old bundle. */
function sourceKey() {
  const hash = createHash('sha256').update(process.version)
  for (const file of ['package-lock.json', 'tsconfig.json']) hash.update(readFileSync(join(ROOT, file)))
  for (const folder of ['cli', 'lib']) {
    const names = readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    const sources = names.filter(
      (entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !/\.test\.tsx?$/.test(entry.name),
    )
    for (const path of sources.map((entry) => join(entry.parentPath ?? entry.path, entry.name)).sort()) {
      hash.update(path.slice(ROOT.length)).update('\0').update(readFileSync(path)).update('\0')
    }
  }
  return hash.digest('hex').slice(0, 32)
}

/** A folder for bundles that nobody else can write into: in the project, or else in the temp folder. */
function cacheFolder() {
  const own = join(ROOT, 'node_modules', '.cache', 'oomscope')
  try {
    mkdirSync(own, { recursive: true })
    rmSync(mkdtempSync(join(own, 'probe-')), { recursive: true })
    return own
  } catch {
    const user = process.getuid?.() ?? 'user'
    const shared = join(tmpdir(), `oomscope-cli-${user}`)
    try {
      mkdirSync(shared, { mode: 0o700 })
    } catch {
      // There already, or not writable: the check below decides.
    }
    const found = existsSync(shared) ? lstatSync(shared) : null
    const isOurs =
      found?.isDirectory() && (process.getuid === undefined || (found.uid === user && (found.mode & 0o077) === 0))
    const folder = isOurs ? shared : mkdtempSync(join(tmpdir(), 'oomscope-cli-'))
    // Packages are not bundled; from here they are found through this link.
    if (!existsSync(join(folder, 'node_modules'))) symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
    return folder
  }
}

/** Whether the database client is there, made now if it can be. Without it `analyze` works, the other commands do not. */
async function hasDatabaseClient() {
  try {
    await generateClient(ROOT)
  } catch {
    // No packages, or a folder that may not be written to; what is missing is said where it is missed.
  }
  return existsSync(join(ROOT, 'lib/db/generated/client.ts'))
}

async function bundle(cache, key, isWhole) {
  const { build } = await import('esbuild').catch(() => {
    process.stderr.write('oomscope: its packages are not installed. Run "npm ci" in the project folder first.\n')
    process.exit(1)
  })
  const draft = mkdtempSync(join(cache, 'build-'))
  await build({
    absWorkingDir: ROOT,
    entryPoints: [join(ROOT, 'cli', 'main.ts')],
    outdir: draft,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    external: isWhole ? [] : ['@/lib/db/generated/client'],
    sourcemap: 'inline',
    logLevel: 'silent',
  })
  try {
    renameSync(draft, join(cache, key))
  } catch (error) {
    // Another process was faster; its bundle is the same.
    rmSync(draft, { recursive: true, force: true })
    if (!existsSync(join(cache, key))) throw error
  }
  sweep(cache, key)
}

/** Removes bundles of older states of the sources. */
function sweep(cache, key) {
  for (const name of readdirSync(cache)) {
    const path = join(cache, name)
    if (name === key || name === 'node_modules') continue
    const stats = statSync(path, { throwIfNoEntry: false })
    if (stats && Date.now() - stats.mtimeMs > KEPT_MS) rmSync(path, { recursive: true, force: true })
  }
}

const isWhole = await hasDatabaseClient()
const cache = cacheFolder()
const key = sourceKey()
if (!existsSync(join(cache, key))) await bundle(cache, key, isWhole)
const { main } = await import(pathToFileURL(join(cache, key, 'main.mjs')).href)
process.exitCode = await main(process.argv.slice(2))

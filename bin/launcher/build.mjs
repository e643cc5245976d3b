import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { StartError, say } from './terminal.mjs'

/** What `npm start` makes from the sources; ignored by git. */
export const BUILD_FOLDER = '.oomscope'

/** Everything the built server depends on. */
const SOURCES = [
  'app',
  'components',
  'lib',
  'agent',
  'public',
  'server',
  'proxy.ts',
  'next.config.js',
  'postcss.config.mjs',
  'tsconfig.json',
  'package-lock.json',
  'bin/launcher',
  'prisma',
]
const CLIENT_SOURCES = ['prisma/schema.prisma', 'package-lock.json']

/** Programs of our own, each one file; `next` and what is made for one processor stay outside, beside the programs. */
const PROGRAMS = ['web', 'worker', 'prepare']

/** Generates the database client unless it fits the schema. */
export async function generateClient(root) {
  const stamp = hashSources(root, CLIENT_SOURCES)
  if (existsSync(join(root, 'lib/db/generated/client.ts')) && readStamp(root, 'client') === stamp) return
  // Generating needs no engine, yet Prisma would download one unless it is told of an executable.
  const env = { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, PRISMA_HIDE_UPDATE_MESSAGE: '1' }
  await run(root, [join(root, 'node_modules/prisma/build/index.js'), 'generate'], env, 'The database client')
  writeStamp(root, 'client', stamp)
}

/** Builds the server unless it was built from these very sources. @returns a name that changes with the sources */
export async function buildServer(root) {
  const stamp = hashSources(root, SOURCES)
  const isBuilt = existsSync(join(root, '.next/standalone/server.js')) && existsSync(programFile(root, 'prepare'))
  if (isBuilt && readStamp(root, 'server') === stamp) return stamp
  say('Building (once, and after a change) …')
  rmSync(stampFile(root, 'server'), { force: true })
  await bundlePrograms(root)
  const env = { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' }
  await run(root, [join(root, 'node_modules/next/dist/bin/next'), 'build'], env, 'The web server')
  writeStamp(root, 'server', stamp)
  return stamp
}

/** Bundles the programs beside the sources. */
export async function bundlePrograms(root) {
  const { build, stop } = await import('esbuild')
  await build(bundleOptions(root))
  // Its service process would stay as long as this one.
  await stop()
}

export function bundleOptions(root) {
  return {
    entryPoints: Object.fromEntries(PROGRAMS.map((name) => [name, join(root, 'server', `${name}.ts`)])),
    outdir: join(root, BUILD_FOLDER),
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    external: ['next', 'pg-native', 'snappy'],
    alias: { '@': root },
    // CommonJS packages inside an ES module ask for require and the file's own place.
    banner: {
      js: "import { createRequire as ownRequire } from 'node:module'; const require = ownRequire(import.meta.url); const __filename = import.meta.filename; const __dirname = import.meta.dirname;",
    },
    sourcemap: 'linked',
    logLevel: 'error',
  }
}

export function programFile(root, name) {
  return join(root, BUILD_FOLDER, `${name}.mjs`)
}

function hashSources(root, paths) {
  const hash = createHash('sha256').update(process.versions.node)
  for (const path of paths) addToHash(hash, root, path)
  return hash.digest('hex').slice(0, 16)
}

function addToHash(hash, root, path) {
  const file = join(root, path)
  if (!existsSync(file)) return
  if (statSync(file).isDirectory()) {
    for (const name of readdirSync(file).sort()) {
      if (name !== 'generated') addToHash(hash, root, `${path}/${name}`)
    }
    return
  }
  hash.update(`${path}\0`).update(readFileSync(file))
}

function stampFile(root, name) {
  return join(root, BUILD_FOLDER, `${name}.stamp`)
}

function readStamp(root, name) {
  try {
    return readFileSync(stampFile(root, name), 'utf8')
  } catch {
    return null
  }
}

function writeStamp(root, name, stamp) {
  mkdirSync(join(root, BUILD_FOLDER), { recursive: true })
  writeFileSync(stampFile(root, name), stamp)
}

/** Runs a Node script quietly; its output is shown when it fails. */
function run(root, args, env, what) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8')
      stream.on('data', (text) => {
        output += text
      })
    }
    child.on('error', reject)
    child.on('exit', (code) => {
      if (code === 0) resolve()
      else reject(new StartError(`${output.trimEnd()}\n\n${what} could not be built; the reason is above.`))
    })
  })
}

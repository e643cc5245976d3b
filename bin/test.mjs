#!/usr/bin/env node
// `npm test`: everything that must hold before a change goes in, from a fresh clone. Stages can be named
// (`npm test -- lint unit`); the last line counts what passed and what failed.
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildServer, generateClient } from './launcher/build.mjs'
import { findChromium } from './launcher/chromium.mjs'
import { installPackages, requireNode } from './launcher/install.mjs'
import { fail, say } from './launcher/terminal.mjs'

const ROOT = join(import.meta.dirname, '..')
const RESULTS = join(ROOT, 'test-results')

const STAGES = {
  lint: () => command('lint', ['@biomejs/biome/bin/biome', 'ci', '.']),
  types: async () =>
    add(
      await command('types', ['next/dist/bin/next', 'typegen']),
      await command('types', ['typescript/bin/tsc', '--noEmit']),
    ),
  unit: unitTests,
  build: async () => {
    await buildServer(ROOT)
    return { passed: 1, failed: 0, skipped: 0 }
  },
  e2e: browserTests,
}

/** The child in work, to be ended with us. */
let current = null
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    if (current) current.once('exit', () => process.exit(1)).kill('SIGTERM')
    else process.exit(1)
  })
}

main().catch(fail)

async function main() {
  requireNode()
  const names = process.argv.slice(2)
  const unknown = names.find((name) => !(name in STAGES))
  if (unknown) return fail(`There is no stage "${unknown}"; there are ${Object.keys(STAGES).join(', ')}.`)
  installPackages(ROOT)
  await generateClient(ROOT)
  rmSync(RESULTS, { recursive: true, force: true })
  mkdirSync(RESULTS, { recursive: true })
  let total = { passed: 0, failed: 0, skipped: 0 }
  for (const name of names.length > 0 ? names : Object.keys(STAGES)) {
    say(`\n── ${name}`)
    try {
      total = add(total, await STAGES[name]())
    } catch (error) {
      say(error.message)
      total.failed += 1
    }
  }
  const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : ''
  say(`\n${total.passed} passed, ${total.failed} failed${skipped}`)
  process.exitCode = total.failed === 0 ? 0 : 1
}

async function unitTests() {
  const report = join(RESULTS, 'unit.json')
  const code = await run([
    'vitest/vitest.mjs',
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile=${report}`,
  ])
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = readJson(report)
  // A file that could not be loaded counts no test at all.
  const brokenFiles = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  )
  const failed = numFailedTests + brokenFiles.length
  return {
    passed: numPassedTests,
    failed: code !== 0 && failed === 0 ? 1 : failed,
    skipped: numPendingTests + numTodoTests,
  }
}

async function browserTests() {
  if (!existsSync(join(ROOT, 'playwright.config.ts'))) throw new Error('playwright.config.ts is missing')
  const chromium = await findChromium(ROOT, run)
  const data = mkdtempSync(join(tmpdir(), 'oomscope-e2e-'))
  const env = { PLAYWRIGHT_CHROMIUM: chromium, OOMSCOPE_TEST_DATA: data, OOMSCOPE_TEST_PORT: String(await freePort()) }
  try {
    const code = await run(['@playwright/test/cli.js', 'test'], env)
    const { stats, errors } = readJson(join(RESULTS, 'e2e.json'))
    const failed = stats.unexpected + (errors?.length ?? 0)
    return {
      passed: stats.expected + stats.flaky,
      failed: code !== 0 && failed === 0 ? 1 : failed,
      skipped: stats.skipped,
    }
  } finally {
    rmSync(data, { recursive: true, force: true })
  }
}

async function command(name, args) {
  const code = await run(args)
  if (code !== 0) say(`${name} failed`)
  return code === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 }
}

/** Runs a package's program with its output shown. @returns its exit code */
function run([script, ...args], env = {}) {
  return new Promise((resolve, reject) => {
    current = spawn(process.execPath, [join(ROOT, 'node_modules', script), ...args], {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'inherit', 'inherit'],
    })
    current.on('error', reject)
    current.on('exit', (code) => {
      current = null
      resolve(code ?? 1)
    })
  })
}

function readJson(file) {
  if (!existsSync(file)) throw new Error(`${file} was not written`)
  return JSON.parse(readFileSync(file, 'utf8'))
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen({ host: '127.0.0.1', port: 0 }, () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}

function add(a, b) {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped }
}

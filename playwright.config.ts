import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineConfig, devices } from '@playwright/test'
import { SIGNED_IN } from './e2e/account'

const PORT = process.env.OOMSCOPE_TEST_PORT ?? '3179'

// The configuration is read once in the main process and again in each worker; only the first makes the folder.
process.env.OOMSCOPE_TEST_DATA ??= mkdtempSync(join(tmpdir(), 'oomscope-e2e-'))

/** Ends the browser's own traffic; a test machine may have no network at all. */
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  workers: 2,
  fullyParallel: false,
  timeout: 60_000,
  forbidOnly: !!process.env.CI,
  reporter: [['list'], ['json', { outputFile: 'test-results/e2e.json' }]],
  use: {
    baseURL: `http://127.0.0.1:${PORT}`,
    trace: 'retain-on-failure',
    timezoneId: 'Europe/Berlin',
    launchOptions: {
      args: QUIET,
      ...(process.env.PLAYWRIGHT_CHROMIUM ? { executablePath: process.env.PLAYWRIGHT_CHROMIUM } : {}),
    },
  },
  projects: [
    { name: 'first-start', testMatch: 'first-start.setup.ts' },
    {
      name: 'desktop',
      dependencies: ['first-start'],
      use: { viewport: { width: 1440, height: 900 }, storageState: SIGNED_IN },
    },
    {
      name: 'phone',
      dependencies: ['desktop'],
      testMatch: ['pages.spec.ts', 'incident-page.spec.ts'],
      use: { ...devices['Pixel 7'], viewport: { width: 390, height: 844 }, storageState: SIGNED_IN },
    },
  ],
  webServer: {
    command: 'node bin/start.mjs',
    env: { PORT, HOST: '127.0.0.1', OOMSCOPE_DATA: process.env.OOMSCOPE_TEST_DATA, LOG_LEVEL: 'warn', CI: '' },
    // The link that makes the administrator is printed once; its key reaches the first test through the environment.
    wait: { stdout: /set-up\?key=(?<oomscope_set_up_key>[\w-]+)/ },
    gracefulShutdown: { signal: 'SIGTERM', timeout: 20_000 },
    timeout: 300_000,
  },
})

import { defineConfig } from 'vitest/config'

const alias = { '@': import.meta.dirname }
const setupFiles = ['./lib/testing/quiet-console.ts']

/** Rooms whose tests ask a real PostgreSQL; each test file gets a database of its own. */
const STORED = [
  'agent/**/*.test.ts',
  'lib/db/**/*.test.ts',
  'lib/ingest/**/*.test.ts',
  'lib/auth/**/*.test.ts',
  'app/**/*.test.ts',
  'server/live/*.test.ts',
]
const EXCLUDED = ['node_modules', '.next', '.oomscope', 'e2e', 'data']

export default defineConfig({
  test: {
    projects: [
      {
        resolve: { alias },
        test: {
          name: 'pure',
          include: ['{lib,cli,components,server,bin,bench}/**/*.test.{ts,tsx}'],
          exclude: [...EXCLUDED, ...STORED],
          setupFiles,
        },
      },
      {
        resolve: { alias },
        test: {
          name: 'stored',
          include: STORED,
          exclude: EXCLUDED,
          globalSetup: ['./lib/testing/postgres.ts'],
          setupFiles: [...setupFiles, './lib/testing/own-database.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
})

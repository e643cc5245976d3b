import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { type APIRequestContext, test as base, expect } from '@playwright/test'

/** The founding incident: a mail server's syslog of November 2007. */
export const SEED_LOG = 'lib/oom/fixtures/kernel/seed-mail-2007.log'

const run = promisify(execFile)

export interface Shipped {
  upload: { id: string; state: string; url: string; isNew: boolean }
  incidents: { id: string; url: string; title: string; kills: number }[]
}

interface Ship {
  host: string
  /** File of the project, or the bytes themselves. */
  file?: string
  body?: Buffer | string
  /** Under which the file is known. */
  name?: string
  year?: number
  headers?: Record<string, string>
}

interface Things {
  /** What nobody expected: script errors, console errors and policy violations of every page of the test. */
  complaints: string[]
  /** Sends a log as a person's browser would, and waits until it is understood. */
  ship(what: Ship): Promise<Shipped>
  /** A token's secret, for curl. */
  token: string
}

export const test = base.extend<Things>({
  complaints: [
    async ({ page }, use) => {
      const found: string[] = []
      page.on('pageerror', (error) => found.push(error.message))
      // A violation of the content policy is told by the document.
      await page.exposeFunction('tellViolation', (words: string) => found.push(words))
      await page.addInitScript(() => {
        document.addEventListener('securitypolicyviolation', (event) =>
          // Put there by exposeFunction.
          (window as unknown as { tellViolation(words: string): void }).tellViolation(
            `${event.effectiveDirective} forbids ${event.blockedURI || event.sample} on ${location.pathname}`,
          ),
        )
      })
      page.on('console', (message) => {
        if (message.type() === 'error') found.push(message.text())
      })
      await use(found)
      expect(found).toEqual([])
    },
    { auto: true },
  ],
  ship: async ({ request, baseURL }, use) => {
    await use((what) => ship(request, baseURL ?? '', what))
  },
  token: async ({ request, baseURL }, use, info) => {
    const answer = await request.post('/api/v1/tokens', {
      headers: { origin: baseURL ?? '' },
      data: { name: info.title.slice(0, 60), scopes: ['ingest', 'read'] },
    })
    expect(answer.status()).toBe(201)
    await use((await answer.json()).secret)
  },
})

async function ship(request: APIRequestContext, origin: string, { host, file, body, name, year, headers }: Ship) {
  const search = new URLSearchParams({ host, ...(name ? { name } : {}), ...(year ? { year: String(year) } : {}) })
  const answer = await request.post(`/api/v1/logs?${search}`, {
    headers: { origin, 'content-type': 'text/plain', ...headers },
    data: body ?? readFileSync(file ?? SEED_LOG),
  })
  expect([200, 201, 202]).toContain(answer.status())
  const shipped: Shipped = await answer.json()
  await expect
    .poll(async () => (await (await request.get(`/api/v1/uploads/${shipped.upload.id}`)).json()).state, {
      timeout: 30_000,
    })
    .toBe('read')
  if (answer.status() !== 202) return shipped
  return ship(request, origin, { host, file, body, name, year, headers })
}

/** Runs the real curl. @returns what it printed */
export async function curl(...args: string[]): Promise<string> {
  const { stdout } = await run('curl', ['-sS', ...args], { maxBuffer: 1 << 24 })
  return stdout
}

export { expect }

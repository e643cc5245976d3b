import { readFileSync } from 'node:fs'
import { curl, expect, SEED_LOG, test } from './fixtures'

test('a dropped log is recognised before it is sent, becomes an incident, and sent again changes nothing', async ({
  page,
}) => {
  await page.goto('/upload')
  await page.getByLabel('Log files').setInputFiles(SEED_LOG)
  await expect(page.getByText('1 OOM report, 4 kills')).toBeVisible()
  await page.getByLabel('Year').fill('2007')
  await page.getByRole('button', { name: /^Send 1 file/ }).click()
  await expect(page).toHaveURL(/\/incidents\/[a-z0-9]+$/)
  await expect(page.getByRole('heading', { level: 1 })).toContainText('mysqld and 3 more killed on mail')
  await expect(page.getByRole('heading', { level: 1 })).toContainText('largest process not in this log')
  const address = page.url()

  await page.goto('/upload')
  await page.getByLabel('Log files').setInputFiles(SEED_LOG)
  await page.getByRole('button', { name: /^Send 1 file/ }).click()
  await expect(page.getByText('Already uploaded, the same bytes.')).toBeVisible()
  await page.getByRole('link', { name: /mysqld and 3 more killed on mail/ }).click()
  expect(page.url()).toBe(address)
  await page.goto('/incidents?q=mysqld')
  await expect(page.getByRole('link', { name: /mysqld and 3 more killed on mail:/ })).toHaveCount(1)
})

test('the whole text, notes included, suggests the year by itself', async ({ page }) => {
  const note = 'drwxr-x--- 2 amavis amavis 4096 Nov  2 23:39 amavis-20071102T233954-03978\n'
  await page.goto('/upload')
  await page.getByText('Paste text instead').click()
  await page.getByLabel('Text of a log').fill(readFileSync(SEED_LOG, 'utf8') + note)
  await page.getByRole('button', { name: 'Read it' }).click()
  await expect(page.getByText('1 OOM report, 4 kills')).toBeVisible()
  await expect(page.getByLabel('Year')).toHaveCount(0)
  await page.getByRole('button', { name: /^Send 1 file/ }).click()
  await expect(page).toHaveURL(/\/incidents\/[a-z0-9]+$/)
  await expect(page.getByText('Fri 2 Nov 2007').first()).toBeVisible()
  await expect(page.getByText('amavis-20071102T233954').first()).toBeVisible()
})

test('curl prints the link of the incident', async ({ token, baseURL }) => {
  const printed = await curl(
    '-T',
    SEED_LOG,
    '-H',
    'Accept: text/plain',
    '-H',
    `Authorization: Bearer ${token}`,
    `${baseURL}/api/v1/logs?host=mail-by-curl`,
  )
  expect(printed).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/incidents\/[a-z0-9]+\n$/)
})

test('samples sent by curl are drawn as memory and swap under the kills of the same host', async ({
  page,
  ship,
  token,
  baseURL,
}) => {
  const { incidents } = await ship({ host: 'mail-with-curves', year: 2007 })
  const start = Date.UTC(2007, 10, 2, 13, 0)
  const mib = 1024 * 1024
  const samples = Array.from({ length: 250 }, (_, index) => ({
    at: start + index * 60_000,
    memTotal: 256 * mib,
    memFree: (20 - (index % 9)) * mib,
    memAvailable: (60 - index / 5) * mib,
    buffers: 2 * mib,
    cached: (80 - index / 4) * mib,
    swapTotal: 512 * mib,
    swapFree: Math.max(0, 512 - index * 3) * mib,
  }))
  const lines = samples.map((sample) => JSON.stringify({ host: 'mail-with-curves', ...sample })).join('\n')
  const send = () =>
    curl(
      '-H',
      'Content-Type: application/x-ndjson',
      '-H',
      `Authorization: Bearer ${token}`,
      '--data-binary',
      lines,
      `${baseURL}/api/v1/metrics`,
    )
  expect(JSON.parse(await send())).toMatchObject({ stored: 250, known: 0 })
  expect(JSON.parse(await send())).toMatchObject({ stored: 0, known: 250 })
  await page.goto(`/incidents/${incidents[0]?.id}`)
  await expect(page.getByText('No metrics for this window')).toHaveCount(0)
  await expect(page.locator('figure').getByText('MemAvailable').filter({ visible: true }).first()).toBeVisible()
  await expect(page.getByRole('heading', { name: 'Swap', exact: true })).toBeVisible()
})

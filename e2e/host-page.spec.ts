import { readFileSync } from 'node:fs'
import { expect, test } from './fixtures'

const MIB = 1024 ** 2
const HOUR = 3_600_000
/** A whole hour of the day before yesterday: kept as measured, and over. */
const START = Math.floor(Date.now() / HOUR) * HOUR - 48 * HOUR

test.beforeAll(async ({ browser }, info) => {
  const context = await browser.newContext(info.project.use)
  const at = (minute: number) => START + minute * 60_000
  const samples = Array.from({ length: 300 }, (_, minute) => ({
    at: at(minute),
    memTotal: 1024 * MIB,
    memFree: 100 * MIB,
    cached: 500 * MIB,
    memAvailable: (minute === 123 ? 7 : 600) * MIB,
    swapTotal: 512 * MIB,
    swapFree: (minute === 123 ? 0 : 500) * MIB,
  })).filter((_, minute) => minute < 200 || minute > 240)
  const lists = samples.map(({ at }) => ({
    at,
    processes: [
      { pid: 71, comm: '=HYPERLINK', rss: 300 * MIB },
      { pid: 72, comm: 'small', rss: 20 * MIB },
    ],
  }))
  const groups = samples.map(({ at }) => ({
    at,
    cgroups: [{ path: '/system.slice/app.service', usage: 96 * MIB, limit: 128 * MIB }],
  }))
  const answer = await context.request.post('/api/v1/metrics', {
    headers: { origin: info.project.use.baseURL ?? '' },
    data: { host: 'charted-1', samples, processes: lists, cgroups: groups },
  })
  expect(await answer.text()).toContain('stored')
  await context.close()
})

const PAGE = `/hosts/charted-1?from=${START}&to=${START + 5 * HOUR}`

test('a host tells what it held, its gaps, its largest processes and its fullest groups', async ({ page }) => {
  await page.goto(PAGE)
  const charts = page.locator('figure').filter({ visible: true })
  await expect(charts.getByText('=HYPERLINK 71').first()).toBeVisible()
  await expect(charts.getByText('app.service').first()).toBeVisible()
  const gaps = page.getByRole('region', { name: 'Gaps' })
  await expect(gaps.getByRole('row')).toHaveCount(2)
  await expect(gaps.getByText('Nothing tells why.')).toBeVisible()
  await expect(page.getByRole('region', { name: 'Last sample' }).getByText('Page cache').first()).toBeVisible()
})

test('what is drawn is saved as CSV, with the worst of each stretch and no formula', async ({ page }) => {
  await page.goto(PAGE)
  const saved = page.waitForEvent('download')
  await page.getByRole('button', { name: 'CSV' }).click()
  const rows = readFileSync(await (await saved).path(), 'utf8').split('\r\n')
  expect(rows[0]).toContain('MemAvailable (bytes)')
  expect(rows[0]).not.toMatch(/(^|,)"?[=+\-@]/)
  const telling = (available: number) => rows.filter((row) => row.includes(`,${available * MIB},`))
  expect(telling(600)).toHaveLength(258)
  expect(telling(7)).toHaveLength(1)
})

test('the window over everything kept moves the range in the address, by keys and by pointer', async ({ page }) => {
  await page.goto(`/hosts/charted-1?from=${START + HOUR}&to=${START + 2 * HOUR}`)
  const end = page.getByRole('slider', { name: 'End of the range shown' })
  await end.focus()
  await page.keyboard.press('Shift+ArrowRight')
  await expect(page).toHaveURL((url) => Number(url.searchParams.get('to')) > START + 2 * HOUR)
  expect(new URL(page.url()).searchParams.get('from')).toBe(String(START + HOUR))

  const window = page.getByRole('slider', { name: 'Range shown', exact: true })
  const box = await window.boundingBox()
  const [x, y] = [(box?.x ?? 0) + (box?.width ?? 0) / 2, (box?.y ?? 0) + 20]
  await page.mouse.move(x, y)
  await page.mouse.down()
  await page.mouse.move(x + 60, y, { steps: 4 })
  await page.mouse.up()
  await expect(page).toHaveURL((url) => Number(url.searchParams.get('from')) > START + HOUR)
  await page.goBack()
  await expect(page).toHaveURL((url) => url.searchParams.get('from') === String(START + HOUR))
})

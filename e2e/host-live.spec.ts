import { expect, test } from './fixtures'

const MIB = 1024 ** 2

// The one test that lives in the present: that is what it is about.
test('the page of a host follows its samples as they are stored', async ({ page, request, baseURL }) => {
  const store = async (memAvailable: number) => {
    const answer = await request.post('/api/v1/metrics', {
      headers: { origin: baseURL ?? '' },
      data: {
        host: 'live-1',
        samples: [{ at: Date.now(), memTotal: 1024 * MIB, memFree: 300 * MIB, cached: 500 * MIB, memAvailable }],
      },
    })
    expect(answer.ok()).toBe(true)
  }
  await store(700 * MIB)
  await page.goto('/hosts/live-1?last=1h')
  const heading = page.getByRole('heading', { level: 1 })
  await expect(heading).toContainText('700\u00a0MiB available')
  await expect(page.getByText('Live', { exact: true })).toBeVisible()
  await store(640 * MIB)
  await expect(heading).toContainText('640\u00a0MiB available', { timeout: 20_000 })
})

test('a range of the past is not followed', async ({ page, ship }) => {
  await ship({ host: 'past-1', year: 2007 })
  await page.goto('/hosts/past-1?from=1193961600000&to=1194048000000')
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await expect(page.getByText('Live', { exact: true })).toHaveCount(0)
  await expect(page.getByText('Connecting', { exact: true })).toHaveCount(0)
})

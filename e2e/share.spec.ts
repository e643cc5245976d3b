import { expect, test } from './fixtures'

test('a shared link opens without an account, stays as it was shared, and a revoked one opens nothing', async ({
  page,
  ship,
  browser,
  complaints,
}) => {
  const { incidents } = await ship({ host: 'shared-host', year: 2007 })
  const incident = `/incidents/${incidents[0]?.id}`
  await page.goto(incident)
  await page.getByRole('button', { name: 'Share' }).click()
  await expect(page.getByText('listens on this machine only')).toBeVisible()
  await page.getByLabel('Hide names').uncheck()
  await page.getByRole('button', { name: 'Make the link' }).click()
  const link = await page.getByLabel('Link', { exact: true }).inputValue()
  expect(link).toMatch(/\/s\/[\w-]{22,}$/)

  const stranger = await browser.newContext({ storageState: { cookies: [], origins: [] } })
  const visit = await stranger.newPage()
  const answer = await visit.goto(link)
  expect(answer?.status()).toBe(200)
  expect(answer?.headers()).toMatchObject({
    'referrer-policy': 'no-referrer',
    'x-robots-tag': expect.stringContaining('noindex'),
  })
  expect(answer?.headers()['cache-control']).toContain('no-store')
  await expect(visit.getByRole('heading', { level: 1 })).toContainText('mysqld and 3 more killed on shared-host')
  await expect(visit.locator('meta[property="og:title"]')).toHaveAttribute('content', /mysqld and 3 more killed/)
  await expect(visit.getByRole('navigation', { name: 'Main' })).toHaveCount(0)
  await visit.goto(incident)
  await expect(visit).toHaveURL(/sign-in/)

  await page.getByRole('button', { name: 'Close' }).click()
  await page.getByLabel('Note', { exact: true }).fill('Added after sharing')
  await page.getByRole('button', { name: 'Add note' }).click()
  await expect(page.getByText('Added after sharing')).toBeVisible()
  await visit.goto(link)
  await expect(visit.getByText('Added after sharing')).toHaveCount(0)

  await page.getByRole('button', { name: 'Share' }).click()
  await page.getByRole('button', { name: 'Revoke' }).click()
  await expect(page.getByText('The link was revoked')).toBeVisible()
  const gone = await visit.goto(link)
  expect(gone?.status()).toBe(404)
  const never = await visit.goto('/s/AAAAAAAAAAAAAAAAAAAAAAAA')
  expect(never?.status()).toBe(404)
  expect(complaints).toEqual([])
  await stranger.close()
})

import { expect, test } from './fixtures'

test('sample incidents come on request, are marked, and go again', async ({ page, request, baseURL }) => {
  const loaded = await request.post('/api/v1/sample-incidents', { headers: { origin: baseURL ?? '' } })
  expect(loaded.ok()).toBe(true)
  await page.goto('/incidents')
  const seed = page.getByRole('link', { name: /mysqld and 3 more killed/ }).filter({ hasText: 'sample' })
  await page.goto('/incidents?q=java')
  await page.getByRole('link', { name: /java/ }).first().click()
  await expect(page.getByText('sample incident')).toBeVisible()
  await expect(page.locator('figure').getByText('MemAvailable').filter({ visible: true }).first()).toBeVisible()
  const removed = await request.delete('/api/v1/sample-incidents', { headers: { origin: baseURL ?? '' } })
  expect(removed.ok()).toBe(true)
  await page.goto('/incidents')
  await expect(seed).toHaveCount(0)
})

import AxeBuilder from '@axe-core/playwright'
import { expect, test } from './fixtures'

test('every page is free of obstacles and scrolls one way, light and dark', async ({ page, ship }) => {
  test.setTimeout(180_000)
  const { upload } = await ship({ host: 'every-page', year: 2007 })
  const paths = [
    '/',
    '/incidents',
    '/hosts',
    '/hosts/every-page',
    '/upload',
    `/uploads/${upload.id}`,
    '/settings/tokens',
    '/settings/shares',
    '/settings/agents',
    '/settings/api',
    '/settings/users',
    '/settings/account',
    '/settings/audit',
    '/invitation',
    '/problems/too-large',
    '/nowhere',
  ]
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    for (const path of paths.filter((each) => each !== '/nowhere')) {
      await page.goto(path)
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
      const { violations } = await new AxeBuilder({ page }).analyze()
      const found = violations.map(
        ({ id, nodes }) => `${path} ${colorScheme} ${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`,
      )
      expect(found).toEqual([])
      expect(
        await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth),
        path,
      ).toBeLessThanOrEqual(0)
    }
  }
})

test('the list of incidents is searched and filtered by its address', async ({ page, ship }) => {
  await ship({ host: 'findable-host', year: 2007 })
  await page.goto('/incidents?q=findable-host')
  await expect(page.getByRole('link', { name: /killed on findable-host/ })).toHaveCount(1)
  await page.goto('/incidents?q=no-such-thing')
  await expect(page.getByText(/no incident/i).first()).toBeVisible()
})

test('a token is shown once and revoked', async ({ page, request }, info) => {
  await page.goto('/settings/tokens')
  await page.getByLabel('Name').fill(`from the page, ${info.project.name}`)
  await page.getByRole('button', { name: 'Make a token' }).click()
  const secret = (await page.getByText(/^oom_[A-Za-z0-9]+$/).textContent()) ?? ''
  expect(secret).toMatch(/^oom_[A-Za-z0-9]+$/)
  const asAgent = { headers: { authorization: `Bearer ${secret}` } }
  const sent = await request.post('/api/v1/metrics', { ...asAgent, data: { host: 'token-host', samples: [] } })
  expect(sent.ok()).toBe(true)
  await page.reload()
  expect(await page.content()).not.toContain(secret)
})

import AxeBuilder from '@axe-core/playwright'
import { expect, test } from './fixtures'

test('the incident page answers what, why, who and when, each with its lines', async ({ page, ship }) => {
  const { incidents } = await ship({ host: 'answers', year: 2007 })
  await page.goto(`/incidents/${incidents[0]?.id}`)
  const why = page.locator('.why')
  await expect(why).toContainText('Swap was used up.')
  await expect(why).toContainText('452 kB')
  await expect(why).toContainText('136 s')
  await expect(page.getByText('Not in this log').first()).toBeVisible()
  for (const victim of ['22073', '23485', '23471', '23726']) {
    await expect(page.getByText(victim).filter({ visible: true }).first()).toBeVisible()
  }
  await page
    .getByRole('link', { name: /line 29/ })
    .first()
    .click()
  await expect(page).toHaveURL(/L29/)
  await expect(page.getByText('Out of Memory: Killed process 22073 (mysqld).').first()).toBeInViewport()
})

test('a kill is chosen in one place and marked in all of them', async ({ page, ship }) => {
  const { incidents } = await ship({ host: 'chosen', year: 2007 })
  await page.goto(`/incidents/${incidents[0]?.id}?kill=3`)
  await expect(page.getByText('selected').first()).toBeVisible()
  await expect(page.getByText('17:06:25').filter({ visible: true }).first()).toBeVisible()
})

test('a note with a time of its own joins the timeline, and a named program becomes a suspect', async ({
  page,
  ship,
}, info) => {
  const { incidents } = await ship({ host: `noted-${info.project.name}`, year: 2007 })
  await page.goto(`/incidents/${incidents[0]?.id}`)
  await page.getByLabel('Note', { exact: true }).fill('Found five clamscan processes stuck on a folder of error mails.')
  await page.getByLabel('After the reboot, so in another boot').check()
  await page.getByRole('button', { name: 'Add note' }).click()
  await expect(page.getByText('Found five clamscan').first()).toBeVisible()
  await expect(page.getByText('another boot').first()).toBeVisible()
  await page.reload()
  await expect(page.getByText('clamscan').nth(1)).toBeVisible()
})

test('without JavaScript the page is whole', async ({ browser, ship }, info) => {
  const { incidents } = await ship({ host: 'no-script', year: 2007 })
  const context = await browser.newContext({ ...info.project.use, javaScriptEnabled: false })
  const page = await context.newPage()
  await page.goto(`/incidents/${incidents[0]?.id}`)
  await expect(page.getByRole('heading', { level: 1 })).toContainText('mysqld and 3 more killed')
  await expect(page.getByText('Out of Memory: Killed process 23726 (smtp).').first()).toBeVisible()
  await expect(page.locator('figure svg').filter({ visible: true }).first()).toBeVisible()
  await context.close()
})

for (const colorScheme of ['light', 'dark'] as const) {
  test(`nothing on it hinders people or scrolls sideways, ${colorScheme}`, async ({ page, ship }) => {
    await page.emulateMedia({ colorScheme })
    const { incidents } = await ship({ host: 'accessible', year: 2007 })
    await page.goto(`/incidents/${incidents[0]?.id}`)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    const { violations } = await new AxeBuilder({ page }).analyze()
    expect(
      violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`),
    ).toEqual([])
    expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0)
  })
}

import { expect, test } from '@playwright/test'
import { ADMINISTRATOR, SIGNED_IN } from './account'

test('the link of the first start makes the administrator, and works once', async ({ page }) => {
  const key = process.env.OOMSCOPE_SET_UP_KEY
  await page.goto(`/set-up?key=${key}`)
  await page.getByLabel('Name').fill(ADMINISTRATOR.name)
  await page.getByLabel('E-mail').fill(ADMINISTRATOR.email)
  await page.getByLabel('Password').fill(ADMINISTRATOR.password)
  await page.getByRole('button', { name: 'Make the account' }).click()
  await expect(page.getByRole('heading', { name: 'Drop a log' })).toBeVisible()
  await page.context().storageState({ path: SIGNED_IN })

  await page.goto(`/set-up?key=${key}`)
  await expect(page.getByRole('heading', { name: 'This link does not work any more' })).toBeVisible()
})

test('without an account every page asks to sign in', async ({ browser }) => {
  const stranger = await browser.newContext({ storageState: undefined })
  const page = await stranger.newPage()
  for (const path of ['/', '/incidents', '/hosts', '/upload', '/settings/tokens', '/settings/shares']) {
    await page.goto(path)
    await expect(page).toHaveURL(/\/sign-in/)
  }
  await stranger.close()
})

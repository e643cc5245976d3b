import { expect, test } from './fixtures'

test('who is invited makes an account, sees what its role may, changes the password and signs out everywhere', async ({
  page,
  browser,
  baseURL,
}) => {
  await page.goto('/settings/users')
  await page.getByLabel('For', { exact: true }).fill('Vera on call')
  await page.getByRole('combobox', { name: 'Role', exact: true }).selectOption('viewer')
  await page.getByRole('button', { name: 'Make an invitation' }).click()
  const link = (await page.getByText(/\/invitation\?key=/).textContent()) ?? ''
  await expect(page.getByRole('cell', { name: 'Vera on call', exact: true })).toBeVisible()

  const other = await browser.newContext({ storageState: { cookies: [], origins: [] }, baseURL })
  const visit = await other.newPage()
  await visit.goto(link)
  await visit.getByLabel('Name').fill('Vera')
  await visit.getByLabel('E-mail').fill('vera.viewer@example.org')
  await visit.getByLabel('Password').fill('the first password')
  await visit.getByRole('button', { name: 'Make the account' }).click()
  await expect(visit.getByRole('navigation', { name: 'Main' })).toBeVisible()
  await visit.goto(link)
  await expect(visit.getByRole('heading', { name: 'does not work any more' })).toBeVisible()

  await visit.goto('/upload')
  await expect(visit.getByText('You may read what is here, not upload')).toBeVisible()
  await expect(visit.getByLabel('Log files')).toHaveCount(0)
  expect((await visit.goto('/settings/users'))?.status()).toBe(404)
  await visit.goto('/settings/account')
  await expect(visit.getByRole('navigation', { name: 'Settings' }).getByRole('link')).toHaveText([
    'Account',
    'Agents',
    'API',
  ])

  await visit.getByLabel('Current password').fill('a wrong password')
  await visit.getByLabel('New password').fill('the second password')
  await visit.getByRole('button', { name: 'Change the password' }).click()
  await expect(visit.getByRole('alert').filter({ hasText: 'The current password is wrong.' })).toBeVisible()
  await visit.getByLabel('Current password').fill('the first password')
  await visit.getByRole('button', { name: 'Change the password' }).click()
  await expect(visit.getByText('The password is changed.')).toBeVisible()
  await visit.getByRole('button', { name: 'Sign out everywhere' }).click()
  await expect(visit).toHaveURL(/\/sign-in/)
  await visit.getByLabel('E-mail').fill('vera.viewer@example.org')
  await visit.getByLabel('Password').fill('the second password')
  await visit.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(visit.getByRole('navigation', { name: 'Main' })).toBeVisible()

  await page.goto('/settings/users')
  await page.getByRole('combobox', { name: 'Role of Vera' }).selectOption('member')
  await expect(page.getByRole('combobox', { name: 'Role of Vera' })).toHaveValue('member')
  await visit.goto('/upload')
  await expect(visit.getByLabel('Log files')).toHaveCount(1)
  await page.getByRole('button', { name: 'Remove Vera' }).click()
  await expect(page.getByRole('cell', { name: 'vera.viewer@example.org' })).toHaveCount(0)
  await visit.goto('/upload')
  await expect(visit).toHaveURL(/\/sign-in/)
  await other.close()

  await page.goto('/settings/audit')
  await expect(page.getByRole('row', { name: /removed an account vera\.viewer@example\.org/ })).toBeVisible()
  await expect(
    page.getByRole('row', { name: /changed a role vera\.viewer@example\.org: viewer to member/ }),
  ).toBeVisible()
})

test('the only administrator cannot give the role away', async ({ page, complaints }) => {
  await page.goto('/settings/users')
  await page.getByRole('combobox', { name: 'Role of Ada Admin' }).selectOption('viewer')
  await expect(page.getByText('This is the only administrator; make another one first.')).toBeVisible()
  await expect(page.getByRole('combobox', { name: 'Role of Ada Admin' })).toHaveValue('admin')
  // The browser tells of the refusal, too.
  expect(complaints.splice(0)).toEqual([expect.stringContaining('409 (Conflict)')])
})

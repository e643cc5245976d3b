import { expect, test } from 'vitest'
import { acceptInvitation, createUser } from '@/lib/auth/accounts'
import { listAudit, recordAudit } from '@/lib/db/audit'
import { pool } from '@/lib/db/client'
import { createInvitation, isOneTimeLinkOpen, listInvitations, withdrawInvitation } from '@/lib/db/one-time-links'
import { changeRole, listUsers, removeUser } from '@/lib/db/users'

const DAY = 86_400_000
const draft = (email: string) => ({ name: 'Vera', email, password: 'long enough words' })
const invite = (role: string, days = 1) =>
  createInvitation({ role, note: 'Vera', createdBy: 'Ada', expiresAt: Date.now() + days * DAY })

test('an invitation gives its role, once, and its key is stored nowhere', async () => {
  const { key } = await invite('member')
  expect(await acceptInvitation(key, draft('Vera@example.org'))).toMatchObject({ role: 'member' })
  await expect(acceptInvitation(key, draft('other@example.org'))).rejects.toThrow('was used')
  expect((await listUsers()).find(({ email }) => email === 'vera@example.org')).toMatchObject({ role: 'member' })
  const { rows } = await pool.query('select l::text as "row" from "OneTimeLink" l')
  expect(JSON.stringify(rows)).not.toContain(key)
})

test('of two who use one invitation at the same moment, one gets the account', async () => {
  const { key } = await invite('viewer')
  const both = await Promise.allSettled([
    acceptInvitation(key, draft('one@example.org')),
    acceptInvitation(key, draft('two@example.org')),
  ])
  expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
})

test('an invitation for an address that has an account stays open', async () => {
  await createUser(draft('known@example.org'), 'viewer')
  const { key } = await invite('viewer')
  await expect(acceptInvitation(key, draft('known@example.org'))).rejects.toThrow('already')
  expect(await isOneTimeLinkOpen('invitation', key)).toBe(true)
  expect(await isOneTimeLinkOpen('set-up', key)).toBe(false)
})

test('an expired and a withdrawn invitation make nobody an account', async () => {
  const expired = await invite('admin', -1)
  await expect(acceptInvitation(expired.key, draft('late@example.org'))).rejects.toThrow('has expired')
  const withdrawn = await invite('admin')
  expect(await withdrawInvitation(withdrawn.invitation.id)).toBe('Vera')
  await expect(acceptInvitation(withdrawn.key, draft('late@example.org'))).rejects.toThrow('was withdrawn')
  await expect(withdrawInvitation(withdrawn.invitation.id)).rejects.toThrow('no such invitation')
  const open = (await listInvitations()).map(({ id }) => id)
  expect(open).not.toContain(expired.invitation.id)
  expect(open).not.toContain(withdrawn.invitation.id)
})

test('the last administrator can be neither demoted nor removed, also not by two at once', async () => {
  const one = await createUser(draft('first@example.org'), 'admin')
  await expect(changeRole(one.id, 'member')).rejects.toThrow('only administrator')
  await expect(removeUser(one.id)).rejects.toThrow('only administrator')
  const two = await createUser(draft('second@example.org'), 'admin')
  const both = await Promise.allSettled([removeUser(one.id), changeRole(two.id, 'viewer')])
  expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  expect((await listUsers()).filter(({ role }) => role === 'admin')).toHaveLength(1)
})

test('the audit log is read newest first, page by page, without losing an entry', async () => {
  const ada = { kind: 'user' as const, id: 'a', name: 'Ada' }
  for (const subject of ['one', 'two', 'three']) await recordAudit(ada, 'token-made', subject)
  const first = await listAudit({ limit: 2 })
  const second = await listAudit({ limit: 2, cursor: first.next ?? '' })
  expect([...first.items, ...second.items].map(({ subject }) => subject)).toEqual(['three', 'two', 'one'])
  expect(second.next).toBeNull()
  expect(first.items[0]?.actor).toEqual(ada)
})

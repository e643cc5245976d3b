import { afterAll, expect, test } from 'vitest'
import { CLIENT_ADDRESS_HEADER } from '@/lib/http/headers'
import { startOidcProvider } from '@/lib/testing/oidc-provider'

const SELF = 'http://127.0.0.1:3000'
const provider = await startOidcProvider(
  { sub: 'p-1', name: 'Petra', email: 'petra@example.org', email_verified: true },
  'oomscope',
)
// Before anything that reads the environment is loaded.
process.env.OOMSCOPE_OIDC_ISSUER = provider.issuer
process.env.OOMSCOPE_OIDC_CLIENT_ID = 'oomscope'
process.env.OOMSCOPE_OIDC_CLIENT_SECRET = 'a secret the provider knows'
process.env.LOG_LEVEL = 'silent'
process.env.OOMSCOPE_OIDC_ROLE = 'viewer'
const { auth } = await import('@/lib/auth/better-auth')
const { createUser } = await import('@/lib/auth/accounts')
const { userOf } = await import('@/lib/auth/session')
const { pool } = await import('@/lib/db/client')
const { listUsers } = await import('@/lib/db/users')

afterAll(() => provider.stop())

function cookiesOf(response: Response): string {
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ')
}

let visitors = 0

/** Goes to the provider and comes back, as a browser would. @returns where it ends, and its cookies then */
async function signInThroughProvider(): Promise<{ location: string; cookie: string; asked: URL }> {
  // Sign-ins are limited by address: each visitor has its own.
  visitors += 1
  const base = { host: '127.0.0.1:3000', [CLIENT_ADDRESS_HEADER]: `192.0.2.${visitors}` }
  const begun = await auth().handler(
    new Request(`${SELF}/api/auth/sign-in/social`, {
      method: 'POST',
      headers: { ...base, 'content-type': 'application/json', origin: SELF },
      body: JSON.stringify({ provider: 'oidc', callbackURL: '/hosts', errorCallbackURL: '/sign-in' }),
    }),
  )
  const asked = new URL((await begun.json()).url)
  const back = await fetch(asked, { redirect: 'manual' })
  const ended = await auth().handler(
    new Request(back.headers.get('location') ?? '', { headers: { ...base, cookie: cookiesOf(begun) } }),
  )
  return { location: ended.headers.get('location') ?? '', cookie: cookiesOf(ended), asked }
}

test('a first sign-in makes an account of the configured role, the second one finds it', async () => {
  const first = await signInThroughProvider()
  expect(first.asked.searchParams.get('redirect_uri')).toBe(`${SELF}/api/auth/callback/oidc`)
  expect(first.asked.searchParams.get('code_challenge_method')).toBe('S256')
  expect(first.location).toMatch(/\/hosts$/)
  expect(await userOf(new Headers({ cookie: first.cookie }))).toMatchObject({
    name: 'Petra',
    email: 'petra@example.org',
    role: 'viewer',
  })
  expect(provider.lastExchange?.get('code_verifier')).toMatch(/^[\w.~-]{43,}$/)
  await signInThroughProvider()
  expect((await listUsers()).filter(({ email }) => email === 'petra@example.org')).toHaveLength(1)
})

test('nothing the provider gave out is kept', async () => {
  await signInThroughProvider()
  const { rows } = await pool.query('select a::text as "row" from "Account" a')
  expect(rows.length).toBeGreaterThan(0)
  expect(JSON.stringify(rows)).not.toMatch(/access-of-the-provider|eyJ/)
})

test('an account with a password is joined when the provider has verified its address, and keeps its role', async () => {
  const { id } = await createUser({ name: 'Mia', email: 'mia@example.org', password: 'long enough words' }, 'member')
  provider.person = { sub: 'p-2', name: 'M.', email: 'mia@example.org', email_verified: true }
  const { cookie } = await signInThroughProvider()
  expect(await userOf(new Headers({ cookie }))).toMatchObject({ id, role: 'member' })
})

test('an address the provider has not verified opens nobody else’s account', async () => {
  await createUser({ name: 'Ada', email: 'ada@example.org', password: 'long enough words' }, 'admin')
  provider.person = { sub: 'p-3', name: 'Not Ada', email: 'ada@example.org', email_verified: false }
  const { location, cookie } = await signInThroughProvider()
  expect(location).toContain('/sign-in?error=')
  expect(await userOf(new Headers({ cookie: cookie || 'none=1' }))).toBeNull()
})

test('an ID token signed with another key signs nobody in', async () => {
  provider.person = { sub: 'p-1', name: 'Petra', email: 'petra@example.org', email_verified: true }
  provider.isForging = true
  const { location, cookie } = await signInThroughProvider()
  expect(location).toContain('/sign-in?error=')
  expect(await userOf(new Headers({ cookie: cookie || 'none=1' }))).toBeNull()
})

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { type Cell, COLUMNS, type Column, cellOf, RULES } from './access-rules'
import { ADMINISTRATOR } from './account'
import { SEED_LOG } from './fixtures'
import { type Instance, startInstance } from './instance'

/** What each column sends to be known. */
type Credentials = Record<Column, Record<string, string>>

const EXPORTED = /export (?:const|async function|function) (GET|HEAD|OPTIONS|POST|PUT|PATCH|DELETE)\b/g

/** `METHOD /path` of every route file, `PAGE /path` of every page, as they lie in `app/`. */
function routesOf(folder: string, path = ''): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = join(folder, entry.name)
    if (entry.isDirectory()) return routesOf(file, `${path}/${decodeURIComponent(entry.name)}`)
    if (entry.name === 'page.tsx') return [`PAGE ${path || '/'}`]
    if (entry.name !== 'route.ts') return []
    return [...readFileSync(file, 'utf8').matchAll(EXPORTED)].map(([, method]) => `${method} ${path}`)
  })
}

test('every page and endpoint has a rule, and every rule its route', () => {
  expect(routesOf('app').sort()).toEqual(Object.keys(RULES).sort())
})

test.describe('on an instance of its own', () => {
  test.describe.configure({ mode: 'serial', timeout: 180_000 })
  const data = mkdtempSync(join(tmpdir(), 'oomscope-access-'))
  let instance: Instance
  let who: Credentials
  let known: Record<string, string>

  test.beforeAll(async () => {
    instance = await startInstance(data)
    who = await makeEveryone(instance)
    known = await makeIncident(instance.url, who.admin)
  })

  test.afterAll(async () => {
    await instance.stop()
    rmSync(data, { recursive: true, force: true })
  })

  test('nobody, people and tokens may do what their rule says, and nothing else', async () => {
    const columns = COLUMNS.filter((column) => column !== 'guest')
    expect(await answersOf(instance.url, columns, who, known)).toEqual(expectedOf(columns))
  })

  test('a signed-in browser writes only at the wish of our own pages', async () => {
    const foreign: [string, Record<string, string>][] = [
      ['missing', { origin: '' }],
      ['null', { origin: 'null' }],
      ['another site', { origin: 'https://evil.example' }],
      ['another port', { origin: 'http://127.0.0.1:1' }],
      ['ours as a beginning', { origin: `${instance.url}.evil.example` }],
      ['another site that calls itself ours', { origin: 'https://evil.example', 'x-forwarded-host': 'evil.example' }],
    ]
    const writing = Object.keys(RULES).filter((route) => /^(POST|PUT|PATCH|DELETE) /.test(route))
    const passed: string[] = []
    for (const route of writing) {
      for (const [name, headers] of foreign) {
        // Without a session a sender that has no Origin is a program, and needs a token.
        const answer = await ask(instance.url, route, { ...who.admin, ...headers }, known)
        if (answer.status !== 403) passed.push(`${route}, ${name}: ${answer.status}`)
      }
    }
    expect(passed).toEqual([])
  })

  test('a token bound to a pattern writes for its hosts alone', async () => {
    const secret = await makeToken(instance.url, who.admin, { scopes: ['ingest'], host: 'web-*' })
    const send = async (host: string | null) => {
      const answer = await fetch(`${instance.url}/api/v1/metrics`, {
        method: 'POST',
        headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
        body: JSON.stringify({ ...(host ? { host } : {}), samples: [{ at: Date.now(), memFree: 1 }] }),
      })
      return answer.status
    }
    expect([await send('web-1'), await send('db-1'), await send(null)]).toEqual([200, 403, 422])
    const sendLog = (search: string) =>
      fetch(`${instance.url}/api/v1/logs${search}`, {
        method: 'PUT',
        headers: { authorization: `Bearer ${secret}` },
        body: readFileSync(SEED_LOG),
      }).then(({ status }) => status)
    // The log names a host of its own, which is not one of the token's.
    expect([await sendLog(''), await sendLog('?host=db-1'), await sendLog('?host=web-1')]).toEqual([400, 403, 201])
    const refused = await fetch(`${instance.url}/api/v1/tokens`, {
      method: 'POST',
      headers: { ...who.admin, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'reads and is bound', scopes: ['ingest', 'read'], host: 'web-*' }),
    })
    expect(refused.status).toBe(400)
  })

  test('a role changed and an account removed hold from the next request on', async () => {
    const admin = { ...who.admin, 'content-type': 'application/json' }
    const cookie = await signUp(instance.url, who.admin, 'member', 'passing@example.org')
    const list: { items: { id: string; email: string }[] } = await (
      await fetch(`${instance.url}/api/v1/users`, { headers: admin })
    ).json()
    const id = list.items.find(({ email }) => email === 'passing@example.org')?.id
    const shares = () => fetch(`${instance.url}/api/v1/shares`, { headers: { cookie } }).then(({ status }) => status)
    expect(await shares()).toBe(200)
    const url = `${instance.url}/api/v1/users/${id}`
    await fetch(url, { method: 'PATCH', headers: admin, body: JSON.stringify({ role: 'viewer' }) })
    expect(await shares()).toBe(403)
    await fetch(url, { method: 'DELETE', headers: admin })
    expect(await shares()).toBe(401)
    const log = await (await fetch(`${instance.url}/api/v1/audit`, { headers: admin })).json()
    expect(log.items.slice(0, 2).map(({ action }: { action: string }) => action)).toEqual([
      'user-removed',
      'role-changed',
    ])
  })

  test('signing out everywhere ends every session', async () => {
    const cookie = await signUp(instance.url, who.admin, 'viewer', 'many@example.org')
    const read = () => fetch(`${instance.url}/api/v1/hosts`, { headers: { cookie } }).then(({ status }) => status)
    expect(await read()).toBe(200)
    const answer = await fetch(`${instance.url}/api/auth/revoke-sessions`, {
      method: 'POST',
      headers: { cookie, origin: instance.url, 'content-type': 'application/json' },
      body: '{}',
    })
    expect(answer.status).toBe(200)
    expect(await read()).toBe(401)
  })

  test('where anonymous reading is on, a guest reads, is told so on every page, and writes nothing', async ({
    page,
  }) => {
    await instance.stop()
    instance = await startInstance(data, { OOMSCOPE_ANONYMOUS: 'read' })
    expect(await answersOf(instance.url, ['guest'], who, known)).toEqual(expectedOf(['guest']))
    for (const path of ['/', '/incidents', `/incidents/${known.incidentId}`, '/hosts', '/upload', '/settings/agents']) {
      await page.goto(`${instance.url}${path}`)
      await expect(page.getByText('anonymous reading is on')).toBeVisible()
    }
  })
})

function expectedOf(columns: readonly Column[]): Record<string, Cell> {
  return Object.fromEntries(
    Object.entries(RULES).flatMap(([route, rule]) =>
      columns.map((column) => [`${route} ← ${column}`, cellOf(route, rule, column)]),
    ),
  )
}

async function answersOf(
  url: string,
  columns: readonly Column[],
  who: Credentials,
  known: Record<string, string>,
): Promise<Record<string, string>> {
  const cells: Record<string, string> = {}
  for (const [route, rule] of Object.entries(RULES)) {
    for (const column of columns) {
      const answer = await ask(url, route, who[column], known)
      cells[`${route} ← ${column}`] = toCell(answer, { isPage: route.startsWith('PAGE '), isPublic: rule === 'public' })
    }
  }
  return cells
}

function toCell(
  { status, location }: { status: number; location: string },
  { isPage, isPublic }: { isPage: boolean; isPublic: boolean },
): string {
  if (location.includes('/sign-in')) return 'sign-in'
  if (status >= 500) return String(status)
  // What is public may still refuse a wrong key; and an endpoint that was reached may not know the id.
  if (isPublic) return 'yes'
  if (status === 401 || status === 403 || (isPage && status === 404)) return String(status)
  return 'yes'
}

/** Asks for a route with things that are there, or to be changed with things that are not. */
async function ask(url: string, route: string, headers: Record<string, string>, known: Record<string, string>) {
  const [method = 'GET', pattern = '/'] = route.split(' ')
  const isChange = method === 'DELETE' || method === 'PATCH'
  const path = pattern
    .replace('/[[...path]]', '')
    .replace('[...all]', method === 'GET' ? 'get-session' : 'sign-in/email')
    .replace(/\[(\w+)\]/g, (_, name: string) => (isChange ? 'nothingofthisname000' : (known[name] ?? name)))
  const isRead = method === 'PAGE' || method === 'GET' || method === 'HEAD' || method === 'OPTIONS'
  const aborted = new AbortController()
  const answer = await fetch(`${url}${path}`, {
    method: method === 'PAGE' ? 'GET' : method,
    headers: isRead ? headers : { origin: url, 'content-type': 'application/json', ...headers },
    body: isRead ? undefined : '{}',
    redirect: 'manual',
    signal: aborted.signal,
  })
  const { status } = answer
  const location = answer.headers.get('location') ?? ''
  // Streams of events stay open.
  aborted.abort()
  return { status, location }
}

/** One of each column: people through invitations, tokens through the API. */
async function makeEveryone({ url, setUpKey }: Instance): Promise<Credentials> {
  const made = await post(`${url}/api/v1/set-up`, { origin: url }, { key: setUpKey, ...ADMINISTRATOR })
  expect(made.status).toBe(201)
  const admin = { cookie: cookieOf(made), origin: url }
  const bearer = async (scopes: string[]) => ({ authorization: `Bearer ${await makeToken(url, admin, { scopes })}` })
  const revoked = await (await post(`${url}/api/v1/tokens`, admin, { name: 'revoked', scopes: ['admin'] })).json()
  await fetch(`${url}/api/v1/tokens/${revoked.token.id}`, { method: 'DELETE', headers: admin })
  return {
    nobody: {},
    guest: {},
    viewer: { cookie: await signUp(url, admin, 'viewer', 'vera@example.org') },
    member: { cookie: await signUp(url, admin, 'member', 'mia@example.org') },
    admin,
    'ingest token': await bearer(['ingest']),
    'read token': await bearer(['read']),
    'admin token': await bearer(['admin']),
    'revoked token': { authorization: `Bearer ${revoked.secret}` },
  }
}

async function makeToken(url: string, admin: Record<string, string>, token: { scopes: string[]; host?: string }) {
  const answer = await post(`${url}/api/v1/tokens`, admin, { name: token.scopes.join(' '), ...token })
  expect(answer.status).toBe(201)
  const { secret }: { secret: string } = await answer.json()
  return secret
}

/** Accepts an invitation. @returns the cookie of the new account's session */
async function signUp(url: string, admin: Record<string, string>, role: string, email: string): Promise<string> {
  const invited = await post(`${url}/api/v1/invitations`, admin, { role, note: email })
  const key = new URL((await invited.json()).url).searchParams.get('key')
  const account = { key, name: role, email, password: 'long enough words' }
  const joined = await post(`${url}/api/v1/invitations/accept`, { origin: url }, account)
  expect(joined.status).toBe(201)
  return cookieOf(joined)
}

async function makeIncident(url: string, admin: Record<string, string>): Promise<Record<string, string>> {
  const answer = await fetch(`${url}/api/v1/logs?host=matrix-host&year=2007`, {
    method: 'POST',
    headers: { ...admin, 'content-type': 'text/plain' },
    body: readFileSync(SEED_LOG),
  })
  const { upload, incidents } = await answer.json()
  return {
    hostname: 'matrix-host',
    uploadId: upload.id,
    incidentId: incidents[0].id,
    shareToken: 'A'.repeat(24),
    code: 'invalid',
    protocol: 'json',
  }
}

function post(url: string, headers: Record<string, string>, body: unknown): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
}

function cookieOf(response: Response): string {
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ')
}

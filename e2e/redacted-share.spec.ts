import { expect, test } from './fixtures'

/** Names of our own planted wherever a log, a note or a file can carry one. */
const CANARIES = [
  'canaryhost',
  'canaryother',
  'canaryuser',
  'canarypath',
  'canaryfile',
  'canarymail',
  'canarydomain',
  'canaryarg',
  'canaryunit',
  'canaryprog',
  'canarynote',
  '198.51.100.77',
  '2001:db8:77::9',
]

const GROUP = '/system.slice/canaryunit-web.service'
const LOG = [
  'Mar  3 10:00:00 canaryhost kernel: canaryprog invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0',
  'Mar  3 10:00:00 canaryhost kernel: CPU: 0 PID: 812 Comm: canaryprog Not tainted 5.10.0-8-amd64 #1',
  'Mar  3 10:00:00 canaryhost kernel: memory: usage 262144kB, limit 262144kB, failcnt 12',
  `Mar  3 10:00:00 canaryhost kernel: oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=${GROUP},task_memcg=${GROUP},task=canaryprog,pid=812,uid=1000`,
  'Mar  3 10:00:00 canaryhost kernel: Memory cgroup out of memory: Killed process 812 (canaryprog) total-vm:300000kB, anon-rss:250000kB, file-rss:0kB, shmem-rss:0kB, UID:1000 pgtables:600kB oom_score_adj:0',
  'Mar  3 10:00:01 canaryhost systemd[1]: canaryunit-web.service: A process of this unit has been killed by the OOM killer.',
  'Mar  3 10:00:02 canaryother.canarydomain.example sshd[9]: Accepted publickey for canaryuser from 198.51.100.77 port 22',
  'Mar  3 10:00:03 canaryhost sudo: canaryuser : TTY=pts/0 ; PWD=/srv/canarypath ; USER=root ; COMMAND=/usr/bin/x --key=canaryarg',
  '',
].join('\n')

test('nothing that names a machine, person or place leaves with a redacted link', async ({
  page,
  request,
  baseURL,
  ship,
  browser,
  complaints,
}) => {
  const origin = { origin: baseURL ?? '' }
  const { incidents } = await ship({
    host: 'canaryhost',
    body: LOG,
    year: 2026,
    name: 'canaryfile.log',
  })
  const id = incidents[0]?.id ?? ''
  const noted = await request.post(`/api/v1/incidents/${id}/notes`, {
    headers: origin,
    data: {
      text: 'canarymail@canarydomain.example filled /srv/canarypath/jobs on canarynote01; see 2001:db8:77::9 and user canaryuser',
      at: null,
    },
  })
  expect(noted.ok()).toBe(true)
  const open = await request.get(`/api/v1/incidents/${id}`)
  expect((await open.text()).includes('canaryprog')).toBe(true)

  await page.goto(`/incidents/${id}/share-preview`)
  await expect(page.getByText('Nothing is shared yet')).toBeVisible()
  const preview = await page.getByRole('heading', { level: 1 }).textContent()
  expect(preview).toContain('program-1')

  await page.goto(`/incidents/${id}`)
  await page.getByRole('button', { name: 'Share' }).click()
  await page.getByRole('button', { name: 'Make the link' }).click()
  const link = await page.getByLabel('Link', { exact: true }).inputValue()

  const stranger = await browser.newContext({ storageState: { cookies: [], origins: [] } })
  const visit = await stranger.newPage()
  const bodies: string[] = []
  visit.on('response', (response) => {
    if (response.url().includes('/s/')) bodies.push(JSON.stringify(response.headers()))
  })
  await visit.goto(link)
  await expect(visit.getByRole('heading', { level: 1 })).toHaveText(preview ?? '')
  await expect(visit.getByText(/1 e-mail address.* hidden/)).toBeVisible()
  await visit.waitForLoadState('networkidle')
  bodies.push(await visit.content())
  const shares = await (await request.get(`/api/v1/incidents/${id}/shares`)).json()
  expect(shares.items[0]).toMatchObject({ views: 1 })
  for (const path of ['', '?show=all', '?view=table', '/incident.json', '/incident.md']) {
    const answer = await stranger.request.get(`${link}${path}`)
    expect(answer.status()).toBe(200)
    bodies.push(await answer.text(), JSON.stringify(answer.headers()))
  }
  const payload = await stranger.request.get(link, { headers: { rsc: '1' } })
  expect(payload.status()).toBe(200)
  bodies.push(await payload.text())
  const everything = bodies.join('\n').toLowerCase()
  expect(CANARIES.filter((canary) => everything.includes(canary))).toEqual([])
  expect(everything).toContain('killed process 812 (program-1) total-vm:300000kb')

  const { items } = await (await request.get(`/api/v1/incidents/${id}/shares`)).json()
  expect(items[0]).toMatchObject({ isRedacted: true, revokedAt: null })
  const revoked = await request.delete(`/api/v1/shares/${items[0]?.id}`, { headers: origin })
  expect(revoked.status()).toBe(204)
  for (const path of ['', '/incident.json', '/incident.md']) {
    expect((await stranger.request.get(`${link}${path}`)).status()).toBe(404)
  }
  expect(complaints).toEqual([])
  await stranger.close()
})

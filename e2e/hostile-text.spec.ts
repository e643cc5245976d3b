import type { Page } from '@playwright/test'
import { expect, test } from './fixtures'

/** Ways for text to become script, once it is taken for HTML, an address or a template. */
const VECTORS: ((run: string) => string)[] = [
  (run) => `<script>${run}</script>`,
  (run) => `<img src=x onerror=${run}>`,
  (run) => `<svg onload=${run}>`,
  (run) => `<svg><script>${run}</script></svg>`,
  (run) => `<svg><title><img src=x onerror=${run}></title></svg>`,
  (run) => `<details open ontoggle=${run}>`,
  (run) => `<input autofocus onfocus=${run}>`,
  (run) => `<iframe srcdoc="<script>top.${run}</script>"></iframe>`,
  (run) => `<a href=javascript:${run}>x</a>`,
  (run) => `<math><mtext><img src=x onerror=${run}>`,
  (run) => `javascript:${run}`,
  (run) => `{{constructor.constructor('${run}')()}}`,
]
/** Ways out of the place where the text may stand: nothing, an attribute, a script, an element or comment. */
const WAYS_OUT = ['', '">', "'>", '</script>', '</title></style>-->']

const PAYLOADS = WAYS_OUT.flatMap((out, row) =>
  VECTORS.map((vector, column) => out + vector(`ran(${row * VECTORS.length + column})`)),
)

/** What a page made of text would contain. */
const MADE_OF_TEXT =
  '[onerror],[onload],[ontoggle],[onfocus],[onclick],iframe,object,embed,base,math,a[href^="javascript:" i]'

const FIRST = Date.UTC(2026, 2, 3, 10, 0, 0)

test('text of logs, names and notes stays text on every page', async ({ page, request, baseURL, ship, complaints }) => {
  expect(PAYLOADS).toHaveLength(60)
  const ran: number[] = []
  await page.exposeFunction('ran', (index: number) => ran.push(index))
  page.on('dialog', (dialog) => void dialog.dismiss())
  const origin = baseURL ?? ''
  const headers = { origin }

  const { upload, incidents } = await ship({ host: 'hostile-text', year: 2026, body: hostileLog() })
  const byLine = await request.post(
    `/api/v1/logs?name=${encodeURIComponent(PAYLOADS.slice(0, 3).join(' '))}&year=2026`,
    {
      headers: { ...headers, 'content-type': 'text/plain' },
      data: hostileHosts(),
    },
  )
  const second: { upload: { id: string } } = await byLine.json()
  const incidentId = incidents[0]?.id ?? ''
  const note = await request.post(`/api/v1/incidents/${incidentId}/notes`, {
    headers,
    data: { text: PAYLOADS.join('\n'), at: FIRST },
  })
  expect(note.status()).toBe(201)
  for (const name of PAYLOADS) {
    const made = await request.post('/api/v1/tokens', { headers, data: { name } })
    expect(made.status()).toBe(201)
  }
  const shared = await request.post(`/api/v1/incidents/${incidentId}/shares`, { headers, data: {} })
  const { url } = await shared.json()
  await request.post('/api/v1/invitations', { headers, data: { role: 'viewer', note: PAYLOADS[1] } })

  // Where a payload must be seen, as text: what is not shown proves nothing.
  const showing = [
    `/incidents/${incidentId}?show=all`,
    `/incidents/${incidentId}?show=all&view=table&kill=7`,
    `/uploads/${upload.id}`,
    `/uploads/${second.upload.id}`,
    new URL(url).pathname,
    '/incidents',
    `/incidents?q=${encodeURIComponent(PAYLOADS[13] ?? '')}`,
    '/hosts',
    '/settings/tokens',
    '/settings/users',
    '/settings/audit',
    '/upload',
  ]
  const others = [
    '/',
    '/hosts/hostile-text',
    `/hosts/${encodeURIComponent(PAYLOADS[2] ?? '')}`,
    '/settings/shares',
    `/problems/${encodeURIComponent(PAYLOADS[1] ?? '')}`,
    `/sign-in?next=${encodeURIComponent(PAYLOADS[10] ?? '')}&error=${encodeURIComponent(PAYLOADS[1] ?? '')}`,
  ]
  const made: string[] = []
  const silent: string[] = []
  for (const path of [...showing, ...others]) {
    const answer = await page.goto(path)
    expect(answer?.status() ?? 0, path).toBeLessThan(500)
    await pointAtMarks(page)
    const shown = await page
      .getByText(/ran\(\d+\)/)
      .filter({ visible: true })
      .count()
    if (shown === 0 && showing.includes(path)) silent.push(path)
    const found = await page.evaluate(
      (selector) => [...document.querySelectorAll(selector)].map((element) => element.outerHTML.slice(0, 120)),
      MADE_OF_TEXT,
    )
    made.push(...found.map((html) => `${path}: ${html}`))
  }
  expect(silent).toEqual([])
  expect(made).toEqual([])
  expect(ran).toEqual([])

  // Two of the addresses lead nowhere, and the browser says so.
  const unexpected = complaints.splice(0).filter((words) => !words.includes('status of 404'))
  expect(unexpected).toEqual([])

  await page.goto(`/incidents/${incidentId}?show=all`)
  await expect(page.getByText('<img src=x onerror=ran(1)>').first()).toBeVisible()
})

/** Opens what shows itself on pointing: tooltips of charts are made of text, too. */
async function pointAtMarks(page: Page): Promise<void> {
  const figure = page.getByRole('figure').first()
  if ((await figure.count()) > 0 && (await figure.isVisible())) await figure.hover({ timeout: 2_000 }).catch(() => {})
}

/** A log in which every name of a kill is a payload: invoker, victim, tasks, cgroups, the unit and a message. */
function hostileLog(): string {
  return PAYLOADS.flatMap((payload, index) => {
    const at = new Date(FIRST + index * 1_000).toISOString().slice(11, 19)
    const pid = 1_000 + index
    const kernel = (text: string) => `Mar  3 ${at} hostile-text kernel: [${7_000 + index}.000000] ${text}`
    return [
      kernel(`${payload} invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0`),
      kernel('Tasks state (memory values in pages):'),
      kernel('[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name'),
      kernel(`[   ${pid}]     0  ${pid}    50000    40000   409600        0             0 ${payload}`),
      kernel(
        `oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=/${payload},task_memcg=/${payload},task=${payload},pid=${pid},uid=0`,
      ),
      kernel(
        `Memory cgroup out of memory: Killed process ${pid} (${payload}) total-vm:200000kB, anon-rss:160000kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:400kB oom_score_adj:0`,
      ),
      `Mar  3 ${at} hostile-text systemd[1]: ${payload}.service: A process of this unit has been killed by the OOM killer.`,
      `Mar  3 ${at} hostile-text app[${pid}]: ${payload}`,
    ]
  }).join('\n')
}

/** A log in which every line comes from another host, and the host's name is a payload. A name has no spaces. */
function hostileHosts(): string {
  return PAYLOADS.map((payload, index) => {
    const host = payload.replaceAll(' ', '/')
    const at = new Date(FIRST + index * 1_000).toISOString().slice(11, 19)
    return `Mar  3 ${at} ${host} kernel: [${9_000 + index}.000000] Out of memory: Killed process ${2_000 + index} (java) total-vm:200000kB, anon-rss:160000kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:400kB oom_score_adj:0`
  }).join('\n')
}

import { createHash, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { expect, SEED_LOG, test } from './fixtures'

const seed = readFileSync(SEED_LOG, 'utf8')

test('an empty file is refused in words', async ({ request, baseURL }) => {
  const answer = await request.post('/api/v1/logs?host=empty', {
    headers: { origin: baseURL ?? '' },
    data: Buffer.alloc(0),
  })
  expect(answer.status()).toBe(400)
  expect(answer.headers()['content-type']).toContain('application/problem+json')
  expect((await answer.json()).detail).toMatch(/empty/i)
})

test('a photograph makes a receipt and no incident', async ({ ship }) => {
  const photograph = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), randomBytes(200_000)])
  expect((await ship({ host: 'photograph', body: photograph })).incidents).toEqual([])
})

test('a file cut in the middle of a report keeps what was read and invents no kill', async ({ ship, request }) => {
  const { upload } = await ship({ host: 'cut', body: seed.split('\n').slice(0, 14).join('\n') })
  const kept = await (await request.get(`/api/v1/uploads/${upload.id}`)).json()
  expect(kept.receipts[0].counts).toMatchObject({ reports: 1, kills: 0 })
})

test('a log with no memory trouble says so', async ({ ship, page }) => {
  const body = 'Nov  2 09:00:01 web-9 CRON[812]: (root) CMD (run-parts /etc/cron.hourly)\n'.repeat(50)
  const { upload, incidents } = await ship({ host: 'calm', body })
  expect(incidents).toEqual([])
  await page.goto(`/uploads/${upload.id}`)
  await expect(page.getByText('ignored, not about memory')).toBeVisible()
})

test('a gzip bomb is refused and the server stays', async ({ request, baseURL }) => {
  const bomb = gzipSync(Buffer.alloc(64 << 20), { level: 9 })
  const layers = Buffer.concat(Array.from({ length: 48 }, () => bomb))
  const answer = await request.post('/api/v1/logs?host=bomb', {
    headers: { origin: baseURL ?? '', 'content-encoding': 'gzip' },
    data: layers,
    timeout: 60_000,
  })
  expect(answer.status()).toBe(413)
  expect((await request.get('/readyz')).status()).toBe(200)
})

test('hostile process names stay text on the page', async ({ ship, page, complaints }) => {
  const kill = (at: string, comm: string) =>
    `Nov  2 ${at} hostile kernel: [ 77.0] Out of memory: Killed process 4242 (${comm}) total-vm:100kB, anon-rss:50kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:4kB oom_score_adj:0`
  const body = [
    kill('10:00:00', '<script>alert(1)'),
    kill('10:00:10', 'a\u202egpj.exe'),
    kill('10:00:20', ') total-vm:1kB'),
    kill('10:00:30', '"><img src=x'),
  ].join('\n')
  const { incidents } = await ship({ host: 'hostile', body, year: 2024 })
  page.on('dialog', () => complaints.push('a script ran'))
  await page.goto(`/incidents/${incidents[0]?.id}`)
  await expect(page.getByText('<script>alert(1)').first()).toBeVisible()
  await expect(page.getByText('\\u202e').first()).toBeVisible()
  expect(incidents[0]?.kills).toBe(4)
})

for (const megabytes of [11, 100]) {
  test(`a body of ${megabytes} MB arrives byte for byte, with and without a length`, async ({ token, baseURL }) => {
    test.setTimeout(180_000)
    const line = 'Nov  2 09:00:01 web-9 nginx[88]: 10.1.2.3 "GET /healthz HTTP/1.1" 200\n'
    const body = Buffer.from(line.repeat(Math.ceil((megabytes * 1e6) / line.length))).subarray(0, megabytes * 1e6)
    for (const [host, payload] of [
      [`length-${megabytes}`, body],
      [`chunked-${megabytes}`, new Blob([body]).stream()],
    ] as const) {
      const answer = await fetch(`${baseURL}/api/v1/logs?host=${host}`, {
        method: 'PUT',
        headers: { authorization: `Bearer ${token}` },
        body: payload,
        duplex: 'half',
      } as RequestInit)
      const { upload } = await answer.json()
      const stored = await (
        await fetch(`${baseURL}/api/v1/uploads/${upload.id}`, { headers: { authorization: `Bearer ${token}` } })
      ).json()
      expect(stored.sha256).toBe(createHash('sha256').update(body).digest('hex'))
      expect(stored.sizeBytes).toBe(body.length)
    }
  })
}

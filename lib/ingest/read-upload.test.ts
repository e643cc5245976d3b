import { expect, test } from 'vitest'
import { pool } from '@/lib/db/client'
import { findHost } from '@/lib/db/hosts'
import { listIncidents, listIncidentsOfUpload } from '@/lib/db/incident-summaries'
import { currentIncidentId, findIncident } from '@/lib/db/incidents'
import { listProcessSeries } from '@/lib/db/processes'
import { claimUpload } from '@/lib/db/queue'
import { getUpload, reviseUpload } from '@/lib/db/uploads'
import { addNote } from '@/lib/ingest/notes'
import { readUpload } from '@/lib/ingest/read-upload'
import { removeUpload } from '@/lib/ingest/remove-upload'
import { storeUpload } from '@/lib/ingest/store-upload'

/** Stores a text as an upload and reads it, as the worker does. */
async function send(text: string, host: string | null = null, year: number | null = 2024): Promise<string> {
  async function* bytes(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(text)
  }
  const { uploadId } = await storeUpload(
    {
      name: 'messages',
      host,
      isHostFixed: false,
      zone: 'UTC',
      year,
      modifiedAt: null,
      arrivedAt: null,
      isSample: false,
      createdBy: null,
    },
    bytes(),
  )
  await readWaiting()
  return uploadId
}

async function readWaiting(): Promise<void> {
  for (let claim = await claimUpload('test'); claim; claim = await claimUpload('test')) {
    expect(await readUpload(claim, new AbortController().signal)).toBe(true)
  }
}

function kill(time: string, host: string, pid: number, comm: string): string {
  return `Mar 14 ${time} ${host} kernel: Out of memory: Killed process ${pid} (${comm}) total-vm:4096kB, anon-rss:2048kB, file-rss:0kB, shmem-rss:0kB\n`
}

async function countRows(): Promise<unknown> {
  const { rows } = await pool.query(
    `select (select count(*) from "Kill") as kills, (select count(*) from "FactSource") as sources,
            (select count(*) from "Incident") as incidents, (select count(*) from "Event") as events`,
  )
  return rows[0]
}

test('a log that tells of a panic alone has an incident of its own', async () => {
  const uploadId = await send(
    'RAMDISK: Compressed image found at block 0\nKernel panic: Out of memory and no killable processes...\n',
    'boot7',
  )
  const { incidents } = await getUpload(uploadId)
  expect(incidents.map(({ hostname, killCount }) => [hostname, killCount])).toEqual([['boot7', 0]])
})

test('a log of a boot only does not claim the incident that its reboot ends', async () => {
  await send(kill('09:30:01', 'boot8', 812, 'ruby'), 'boot8')
  const boot = 'Mar 14 09:40:00 boot8 kernel: Linux version 6.1.0-18-amd64 (b@x) (gcc 12) #1 SMP\n'
  expect((await getUpload(await send(boot, 'boot8'))).incidents).toEqual([])
})

test('a log becomes an incident of its host', async () => {
  const uploadId = await send(kill('09:30:01', 'shop1', 812, 'ruby'))
  const upload = await getUpload(uploadId)
  expect(upload.state).toBe('read')
  expect(upload.hostname).toBe('shop1')
  const [summary] = upload.incidents
  const incident = summary ? await findIncident(summary.id) : null
  expect(incident?.kills).toHaveLength(1)
  expect(incident?.kills[0]).toMatchObject({ pid: 812, comm: 'ruby', lines: { source: uploadId, from: 1, to: 1 } })
  expect(incident?.from).toBe(Date.UTC(2024, 2, 14, 9, 30, 1))
})

test('reading the same upload again changes nothing', async () => {
  const uploadId = await send(kill('09:30:01', 'shop2', 812, 'ruby') + kill('09:30:09', 'shop2', 813, 'puma'))
  const [before] = await listIncidentsOfUpload(uploadId)
  const rows = await countRows()
  await reviseUpload(uploadId, {})
  await readWaiting()
  expect(await countRows()).toEqual(rows)
  expect((await listIncidentsOfUpload(uploadId)).map(({ id }) => id)).toEqual([before?.id])
})

test('the same kill from two files is one kill with two sources', async () => {
  const first = await send(kill('09:30:01', 'shop3', 812, 'ruby'))
  const second = await send(`Mar 14 09:00:00 shop3 sshd[1]: hello\n${kill('09:30:01', 'shop3', 812, 'ruby')}`)
  const [ofFirst] = await listIncidentsOfUpload(first)
  const [ofSecond] = await listIncidentsOfUpload(second)
  expect(ofSecond?.id).toBe(ofFirst?.id)
  expect(ofSecond?.killCount).toBe(1)
})

test('an incident keeps its link when an earlier kill arrives later', async () => {
  const late = await send(kill('12:00:00', 'shop4', 900, 'java'))
  const [before] = await listIncidentsOfUpload(late)
  const early = await send(kill('10:30:00', 'shop4', 700, 'node'))
  const [after] = await listIncidentsOfUpload(early)
  expect(after?.id).toBe(before?.id)
  expect(after?.killCount).toBe(2)
})

test('incidents that become one keep the older link, and the younger leads to it', async () => {
  const first = await send(kill('08:00:00', 'shop5', 100, 'java'))
  const third = await send(kill('12:00:00', 'shop5', 300, 'java'))
  const [older] = await listIncidentsOfUpload(first)
  const [younger] = await listIncidentsOfUpload(third)
  expect(older?.id).not.toBe(younger?.id)
  await send(kill('10:00:00', 'shop5', 200, 'java'))
  const { items } = await listIncidents({ host: 'shop5' })
  expect(items.map(({ id, killCount }) => [id, killCount])).toEqual([[older?.id, 3]])
  expect(await currentIncidentId(younger?.id ?? '')).toBe(older?.id)
})

test('a note moves along when its incident becomes part of an older one', async () => {
  const first = await send(kill('08:00:00', 'shop6', 100, 'java'))
  const third = await send(kill('12:00:00', 'shop6', 300, 'java'))
  const [younger] = await listIncidentsOfUpload(third)
  const note = {
    text: 'Deployed at noon.',
    at: null,
    isAtUncertain: false,
    isOtherBoot: false,
    author: 'Ada',
    authorId: null,
  }
  await addNote({ ...note, incidentId: younger?.id ?? '' })
  await send(kill('10:00:00', 'shop6', 200, 'java'))
  const [older] = await listIncidentsOfUpload(first)
  const { rows } = await pool.query('select "text" from "Note" where "incidentId" = $1', [older?.id])
  expect(rows).toEqual([{ text: 'Deployed at noon.' }])
})

test('correcting the year moves the incident and keeps its link', async () => {
  const uploadId = await send(kill('09:30:01', 'shop7', 812, 'ruby'))
  const [before] = await listIncidentsOfUpload(uploadId)
  await reviseUpload(uploadId, { year: 2019 })
  await readWaiting()
  const [after] = await listIncidentsOfUpload(uploadId)
  expect(after?.id).toBe(before?.id)
  expect(after?.from).toBe(Date.UTC(2019, 2, 14, 9, 30, 1))
})

test('naming the host afterwards moves everything there', async () => {
  const uploadId = await send('Out of memory: Killed process 7 (cron) total-vm:8kB, anon-rss:4kB, file-rss:0kB\n')
  const guessed = (await getUpload(uploadId)).hostname
  expect(guessed).toMatch(/^unknown-/)
  await reviseUpload(uploadId, { host: 'named1' })
  await readWaiting()
  const upload = await getUpload(uploadId)
  expect(upload.hostname).toBe('named1')
  expect(upload.incidents).toMatchObject([{ hostname: 'named1', killCount: 1 }])
  expect(await findHost(guessed ?? '')).toBeNull()
})

test('year, zone and host corrected one after another re-time everything and double nothing', async () => {
  const { rows: before } = await pool.query('select count(*)::int as kills from "Kill"')
  const uploadId = await send(
    [
      'Jun 12 06:38:00 kernel: Linux version 5.10.0-30-amd64 (builder@example.org) (gcc) #1 SMP',
      'Jun 12 06:38:31 earlyoom[411]: mem avail:  1259 of 64154 MiB ( 1.96%), swap free:    0 of    0 MiB ( 0.00%)',
      'Jun 12 06:38:32 kernel: java invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0',
      'Jun 12 06:38:33 kernel: Out of memory: Killed process 6101 (java) total-vm:9kB, anon-rss:8kB, file-rss:0kB',
      '',
    ].join('\n'),
  )
  await reviseUpload(uploadId, { year: 2021 })
  await readWaiting()
  await reviseUpload(uploadId, { zone: 'America/New_York' })
  await readWaiting()
  await reviseUpload(uploadId, { host: 'retimed1' })
  await readWaiting()
  const host = await findHost('retimed1')
  const [incident] = await listIncidentsOfUpload(uploadId)
  expect(incident).toMatchObject({ hostname: 'retimed1', killCount: 1, from: Date.UTC(2021, 5, 12, 10, 38, 31) })
  const { rows: times } = await pool.query(
    `select 'kill' as what, at from "Kill" where "hostId" = $1
     union all select 'report', at from "OomReport" where "hostId" = $1
     union all select 'event', at from "Event" where "hostId" = $1
     union all select 'sample', at from "MemorySample" where "hostId" = $1 order by at, what`,
    [host?.id],
  )
  expect(times.map(({ what, at }) => [what, at.toISOString()])).toEqual([
    ['event', '2021-06-12T10:38:00.000Z'],
    ['sample', '2021-06-12T10:38:31.000Z'],
    ['report', '2021-06-12T10:38:32.000Z'],
    ['kill', '2021-06-12T10:38:33.000Z'],
  ])
  const { rows: after } = await pool.query('select count(*)::int as kills from "Kill"')
  expect(after[0].kills).toBe(before[0].kills + 1)
})

test('two hosts in one log do not touch each other', async () => {
  await send(kill('09:30:01', 'shop8', 1, 'a') + kill('09:30:02', 'shop9', 2, 'b') + kill('09:30:03', 'shop8', 3, 'c'))
  expect((await listIncidents({ host: 'shop8' })).items).toMatchObject([{ killCount: 2 }])
  expect((await listIncidents({ host: 'shop9' })).items).toMatchObject([{ killCount: 1 }])
})

test('deleting an upload removes what no other tells, and the rest stays with its link', async () => {
  const both = await send(kill('09:30:01', 'shop10', 1, 'a') + kill('09:31:02', 'shop10', 2, 'b'))
  const one = await send(`Mar 14 09:00:00 shop10 sshd[1]: hello\n${kill('09:30:01', 'shop10', 1, 'a')}`)
  const [incident] = await listIncidentsOfUpload(both)
  await removeUpload(both)
  await readWaiting()
  const left = await findIncident(incident?.id ?? '')
  expect(left?.kills.map(({ pid, lines }) => [pid, lines.source])).toEqual([[1, one]])
  await removeUpload(one)
  expect(await findIncident(incident?.id ?? '')).toBeNull()
  expect(await findHost('shop10')).toBeNull()
})

test('a search finds any part of a host, program or cause', async () => {
  await send(kill('09:30:01', 'searchhost', 1, 'frobnicator'))
  expect((await listIncidents({ text: 'robnic' })).items).toHaveLength(1)
  expect((await listIncidents({ text: 'SEARCHHO' })).items).toHaveLength(1)
  expect((await listIncidents({ text: '%' })).items).toHaveLength(0)
})

test('pages of incidents follow each other without a gap or a repeat', async () => {
  const seen: string[] = []
  let cursor: string | undefined
  do {
    const { items, next } = await listIncidents({ limit: 2, cursor })
    seen.push(...items.map(({ id }) => id))
    cursor = next ?? undefined
  } while (cursor)
  const { rows } = await pool.query<{ count: number }>('select count(*)::int as count from "Incident"')
  expect(seen).toHaveLength(rows[0]?.count ?? -1)
  expect(new Set(seen).size).toBe(seen.length)
})

test('process lists of a file are the history of its host, and go with the upload', async () => {
  const list = (time: string, rssKib: number) => `Sat Mar 16 ${time} UTC 2024
    PID    RSS COMMAND
    812 ${rssKib} java
     40   9000 sshd
`
  const uploadId = await send(list('09:30:00', 204_800) + list('09:31:00', 409_600), 'shop-ps')
  const { id = '' } = (await findHost('shop-ps')) ?? {}
  const range = { from: Date.UTC(2024, 2, 16, 9), to: Date.UTC(2024, 2, 16, 10) }
  const { processes } = await listProcessSeries(id, range)
  expect(processes.map(({ pid, comm, peak }) => ({ pid, comm, peak }))).toEqual([
    { pid: 812, comm: 'java', peak: 419_430_400 },
    { pid: 40, comm: 'sshd', peak: 9_216_000 },
  ])
  expect(processes[0]?.rss).toEqual([209_715_200, 419_430_400])
  await removeUpload(uploadId)
  expect((await listProcessSeries(id, range)).processes).toEqual([])
})

test('what a script of each host sent to a log server becomes the history of that host', async () => {
  const meminfo = (host: string, free: number) =>
    ['MemTotal:       4030464 kB', `MemFree:        ${free} kB`, 'MemAvailable:   2933760 kB']
      .map((line) => `Mar 14 09:30:01 ${host} memwatch[7]: ${line}\n`)
      .join('')
  const uploadId = await send(meminfo('shop11', 2_410_112) + meminfo('shop12', 1_048_576))
  const { rows } = await pool.query(
    `select h."name", s."at", s."memFree"::float8 from "MemorySample" s join "Host" h on h."id" = s."hostId"
     where h."name" in ('shop11', 'shop12') order by h."name"`,
  )
  expect(rows.map(({ name, at, memFree }) => [name, at.toISOString(), memFree])).toEqual([
    ['shop11', '2024-03-14T09:30:01.000Z', 2_467_954_688],
    ['shop12', '2024-03-14T09:30:01.000Z', 1_073_741_824],
  ])
  expect((await getUpload(uploadId)).receipts[0]?.counts.samples).toBe(2)
})

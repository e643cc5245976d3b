import { expect, test } from 'vitest'
import { findHost } from '@/lib/db/hosts'
import { listIncidents } from '@/lib/db/incident-summaries'
import { findIncident } from '@/lib/db/incidents'
import { claimUpload } from '@/lib/db/queue'
import { explainMeasured } from '@/lib/ingest/explain-again'
import { readUpload } from '@/lib/ingest/read-upload'
import { storeMetrics } from '@/lib/ingest/store-metrics'
import { storeUpload } from '@/lib/ingest/store-upload'
import type { CgroupSample, ProcessSample } from '@/lib/metrics/measured'
import { sayMessage } from '@/lib/text/say'

const MIB = 1024 * 1024
const KILLED_AT = Date.UTC(2026, 2, 14, 9, 30, 0)
const GROUP = '/system.slice/reports.service'

const LOG = [
  `oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=${GROUP},task_memcg=${GROUP},task=reports,pid=4711,uid=990`,
  'Memory cgroup out of memory: Killed process 4711 (reports) total-vm:900000kB, anon-rss:498000kB, file-rss:0kB, shmem-rss:0kB, UID:990 pgtables:1100kB oom_score_adj:0',
]

/** Uploads the kill of a host and has it read. */
async function sendKill(host: string): Promise<void> {
  async function* bytes(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(LOG.map((line) => `2026-03-14T09:30:00.000000+00:00 ${host} kernel: ${line}\n`).join(''))
  }
  const origin = { name: 'kern.log', host, isHostFixed: false, zone: 'UTC', year: null, modifiedAt: null }
  await storeUpload({ ...origin, arrivedAt: null, isSample: false, createdBy: null }, bytes())
  for (let claim = await claimUpload('test'); claim; claim = await claimUpload('test')) {
    await readUpload(claim, new AbortController().signal)
  }
}

/** One list of cgroups and one of processes every half minute of the two hours before the kill. */
function measured(usageAt: (share: number) => number): { cgroups: CgroupSample[]; processes: ProcessSample[] } {
  const steps = Array.from({ length: 240 }, (_, index) => index)
  const at = (step: number) => KILLED_AT - (240 - step) * 30_000
  const usage = (step: number) => Math.round(usageAt(step / 239) * 512) * MIB
  return {
    cgroups: steps.map((step) => ({
      at: at(step),
      cgroups: [{ path: GROUP, usage: usage(step), limit: 512 * MIB, swap: 0, oomKills: 0 }],
    })),
    processes: steps.map((step) => ({
      at: at(step),
      processes: [{ pid: 4711, comm: 'reports', rss: usage(step) - 8 * MIB, swap: 0, oomScoreAdj: 0 }],
    })),
  }
}

async function explanationOf(host: string) {
  const { items } = await listIncidents({ host })
  const incident = await findIncident(items[0]?.id ?? '')
  expect(incident).not.toBeNull()
  return incident
}

test('samples of a group that come after its kill tell when, how and by whom its limit was reached', async () => {
  await sendKill('batch1')
  expect(await explanationOf('batch1')).toMatchObject({ pattern: 'unknown', hog: null })

  const { cgroups, processes } = measured((share) => 0.3 + 0.69 * share)
  await storeMetrics(new Map([['batch1', { samples: [], cgroups, processes }]]))
  const hostId = (await findHost('batch1'))?.id ?? ''
  const from = KILLED_AT - 2 * 3_600_000
  expect([...(await explainMeasured(new Map([[hostId, { from, to: KILLED_AT }]]))).keys()]).toEqual([hostId])

  const incident = await explanationOf('batch1')
  expect(incident).toMatchObject({
    class: 'cgroup-limit',
    pattern: 'leak',
    hog: { comm: 'reports', grade: 'metrics', shareOf: 'cgroup-limit' },
  })
  const sign = incident?.findings.find(({ code }) => code === 'first-sign')
  expect(sayMessage(sign?.headline ?? { key: '', params: {} })).toContain('09:06')
  expect(sign?.sampled?.to).toBe(KILLED_AT)
})

test('measurements far from every incident explain nothing', async () => {
  await sendKill('batch2')
  const hostId = (await findHost('batch2'))?.id ?? ''
  const from = KILLED_AT + 5 * 3_600_000
  expect(await explainMeasured(new Map([[hostId, { from, to: from + 60_000 }]]))).toEqual(new Map())
})

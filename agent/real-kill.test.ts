import { spawn, spawnSync } from 'node:child_process'
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { killAgent, Machine, Receiver, startAgent } from '@/agent/trial'
import { listCgroupSeries } from '@/lib/db/cgroups'
import { findHost } from '@/lib/db/hosts'
import { newId } from '@/lib/db/ids'
import { listIncidents } from '@/lib/db/incident-summaries'
import { findIncident } from '@/lib/db/incidents'
import { claimUpload } from '@/lib/db/queue'
import { listSeries } from '@/lib/db/series'
import { readUpload } from '@/lib/ingest/read-upload'

const LIMIT = 64 * 1024 ** 2
const PARENT = '/sys/fs/cgroup/memory'
const CGROUP = join(PARENT, `oomscope-test-${process.pid}`)

/** Why no process can be killed here; null when one can. */
function obstacle(): string | null {
  if (process.getuid?.() !== 0) return 'needs root'
  if (!existsSync(join(PARENT, 'memory.limit_in_bytes'))) return 'needs the memory controller of cgroup v1'
  try {
    accessSync(PARENT, constants.W_OK)
  } catch {
    return 'needs to make cgroups'
  }
  if (spawnSync('dmesg').status !== 0) return 'needs to read the kernel log'
  return null
}
/** Allocations of 2 MB after which the program waits to be seen, so that no machine is too slow to see it grow. */
const SEEN_SMALL = 4
const SEEN_LARGE = 22

/**
 * Runs a program that grows by 2 MB every 0.2 s inside the limit, and never without it: the group has one process, the
 * limit is read back before it is let go. It waits for a file named after the count in `gates` at the two counts above.
 */
function startGrowing(gates: string) {
  mkdirSync(CGROUP)
  writeFileSync(join(CGROUP, 'memory.limit_in_bytes'), String(LIMIT))
  if (Number(readFileSync(join(CGROUP, 'memory.limit_in_bytes'), 'utf8')) !== LIMIT) throw new Error('no limit was set')
  const grow = `echo $$ > ${CGROUP}/cgroup.procs && grep -q ${CGROUP.slice(PARENT.length)} /proc/self/cgroup || exit 9
    count=0
    while :; do
      count=$((count + 1))
      eval "held$count=\\$(head -c 2000000 /dev/zero | tr '\\\\0' x)"
      case $count in ${SEEN_SMALL}|${SEEN_LARGE}) while [ ! -e ${gates}/$count ]; do sleep 0.1; done ;; esac
      sleep 0.2
    done`
  const child = spawn('sh', ['-c', grow], { stdio: 'ignore' })
  const ended = new Promise<{ signal: NodeJS.Signals | null; at: number }>((resolve) => {
    child.once('exit', (_code, signal) => resolve({ signal, at: Date.now() }))
  })
  return { child, ended }
}

const why = obstacle()

test.skipIf(why !== null)(
  why === null
    ? 'a process that is killed at its limit becomes an incident with its rise and the second of its kill'
    : `a real kill cannot be tried here: ${why}`,
  async () => {
    const host = `kill-${newId()}`
    const receiver = await Receiver.open()
    const machine = new Machine()
    const {
      OOMSCOPE_PROC: _proc,
      OOMSCOPE_SYS: _sys,
      OOMSCOPE_DMESG: _dmesg,
      ...environment
    } = machine.environment(receiver)
    const agent = startAgent(['sh'], ['run', '--host', host], environment)
    const gates = mkdtempSync(join(tmpdir(), 'oomscope-gates-'))
    let growing: ReturnType<typeof startGrowing> | null = null
    try {
      const { id } = await vi.waitFor(async () => (await findHost(host)) ?? Promise.reject(new Error('no host yet')), {
        timeout: 10_000,
      })
      growing = startGrowing(gates)
      const isSeenAbove = (bytes: number) =>
        vi.waitFor(
          async () => {
            const { cgroups } = await listCgroupSeries(id, { from: Date.now() - 60_000, to: Date.now() + 10_000 })
            expect(cgroups.find(({ path }) => path === CGROUP.slice(PARENT.length))?.peak).toBeGreaterThan(bytes)
          },
          { timeout: 20_000, interval: 200 },
        )
      await isSeenAbove(0)
      writeFileSync(join(gates, String(SEEN_SMALL)), '')
      await isSeenAbove(LIMIT / 2)
      writeFileSync(join(gates, String(SEEN_LARGE)), '')
      const { signal, at: killedAt } = await growing.ended
      expect(signal).toBe('SIGKILL')
      const found = await vi.waitFor(
        async () => {
          // The log of this machine may hold kills of its own, which were sent before.
          const claim = await claimUpload('test')
          if (claim) await readUpload(claim, new AbortController().signal)
          const { items } = await listIncidents({ host })
          const ours = items.find(({ killTimes }) => killTimes.some((at) => Math.abs(at - killedAt) < 1_000))
          if (!ours) throw new Error('no incident of this kill yet')
          return ours
        },
        { timeout: 15_000, interval: 200 },
      )
      const incident = await findIncident(found.id)
      expect(incident?.class).toBe('cgroup-limit')
      const range = { from: killedAt - 60_000, to: killedAt + 10_000 }
      const rise = await vi.waitFor(
        async () => {
          const { cgroups } = await listCgroupSeries(id, range)
          const own = cgroups.find(({ path }) => path === CGROUP.slice(PARENT.length))
          expect(own?.oomKills.some((kills) => kills !== null && kills > 0)).toBe(true)
          return own
        },
        { timeout: 15_000 },
      )
      expect(rise?.limit.find((limit) => limit !== null)).toBe(LIMIT)
      const usage = rise?.usage.filter((bytes) => bytes !== null) ?? []
      expect(rise?.peak).toBeGreaterThan(LIMIT / 2)
      expect(usage[0]).toBeLessThan(rise?.peak ?? 0)
      const drawn = await listSeries(id, range, { fields: ['oomKills'] })
      expect(drawn.fields.oomKills?.sum?.some((kills) => kills !== null && kills > 0)).toBe(true)
    } finally {
      growing?.child.kill('SIGKILL')
      await growing?.ended
      rmSync(gates, { recursive: true, force: true })
      await killAgent(agent)
      await receiver.goAway()
      machine.remove()
      if (existsSync(CGROUP)) rmdirSync(CGROUP)
    }
  },
  90_000,
)

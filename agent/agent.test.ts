import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { callAgent, killAgent, Machine, Receiver, runAgent, SHELLS, startAgent } from '@/agent/trial'
import { pool } from '@/lib/db/client'
import { findHost } from '@/lib/db/hosts'
import { newId } from '@/lib/db/ids'
import { listSamples } from '@/lib/db/samples'

const MEMINFO = `MemTotal:        1016508 kB
MemFree:           49156 kB
MemAvailable:     120000 kB
Buffers:            1024 kB
Cached:           210000 kB
SwapCached:            0 kB
SwapTotal:       2097148 kB
SwapFree:        1048574 kB
Dirty:                12 kB
AnonPages:        700000 kB
Shmem:              2048 kB
SReclaimable:      20000 kB
SUnreclaim:        30000 kB
KernelStack:        4096 kB
PageTables:         8192 kB
CommitLimit:     2605400 kB
Committed_AS:    3000000 kB
HugePages_Total:       0
`
const BOOT = '0f5c6f4e-8c1d-4f0a-9a3b-1d2e3f405162'
const KERNEL_LINES = ['<6>[    0.000000] Linux version 6.1.0-13-amd64', '<6>[   12.500000] eth0: link up']

/** All that the agent needs, but curl. */
const TOOLS =
  'awk cat cut date du find getconf grep head id ls mkdir mktemp mv rm rmdir sed sleep tail tr uname wc wget'.split(' ')

let receiver: Receiver
let machine: Machine
let host: string

beforeAll(async () => {
  receiver = await Receiver.open()
  return () => receiver.goAway()
})

beforeEach(() => {
  machine = new Machine()
  host = `host-${newId()}`
  machine.write('proc/meminfo', MEMINFO)
  machine.write(
    'proc/vmstat',
    'pswpin 100\npswpout 50\npgmajfault 7\nallocstall_dma 0\nallocstall_normal 3\noom_kill 1\n',
  )
  machine.write('proc/uptime', '1000.00 1900.00\n')
  machine.write('proc/loadavg', '0.52 1.25 2.00 2/345 6789\n')
  machine.write(
    'proc/pressure/memory',
    'some avg10=12.34 avg60=1.00 avg300=0.10 total=99\nfull avg10=6.50 avg60=0 avg300=0 total=50\n',
  )
  machine.write('proc/sys/kernel/random/boot_id', `${BOOT}\n`)
  machine.write('proc/mounts', `cgroup2 ${machine.folder}/cg cgroup2 rw 0 0\n`)
  machine.write('cg/app.slice/db.service/memory.current', '67108864\n')
  machine.write('cg/app.slice/db.service/memory.max', '134217728\n')
  machine.write('cg/app.slice/db.service/memory.swap.current', '4096\n')
  machine.write('cg/app.slice/db.service/memory.events', 'low 0\nhigh 0\nmax 9\noom 1\noom_kill 1\n')
  machine.write('cg/user.slice/memory.current', '1048576\n')
  machine.write('cg/user.slice/memory.max', 'max\n')
  addProcess(7, 'mysqld', 600_000, 100_000)
  addProcess(9, 'a "quoted" \\ name', 900, 0)
  machine.write('proc/2/statm', '0 0 0 0 0 0 0\n')
  machine.write('dmesg', `${KERNEL_LINES.join('\n')}\n`)
})
afterEach(() => machine.remove())

function addProcess(pid: number, comm: string, rssKib: number, swapKib: number): void {
  machine.write(`proc/${pid}/statm`, `9999 ${rssKib / 4} 10 1 0 5 0\n`)
  machine.write(
    `proc/${pid}/status`,
    `Name:\t${comm}\nState:\tS (sleeping)\nVmRSS:\t${rssKib} kB\nVmSwap:\t${swapKib} kB\n`,
  )
  machine.write(`proc/${pid}/oom_score_adj`, '-500\n')
}

async function storedInstants(): Promise<number[]> {
  const { id } = (await findHost(host)) ?? { id: '' }
  const series = await listSamples(id, { from: 0, to: Date.now() + 1e9 })
  return series.map(({ at }) => at)
}

/** Instants of the samples that wait in the spool. */
function waitingInstants(): number[] {
  return readdirSync(machine.spool)
    .filter((name) => /^[mp]-/.test(name))
    .map((name) => JSON.parse(readFileSync(join(machine.spool, name), 'utf8').split('\n')[0] ?? '').at as number)
}

async function storedLines(): Promise<string[]> {
  const { rows } = await pool.query<{ text: string }>(
    `select l."text" from "StreamLine" l join "Host" h on h."id" = l."hostId" where h."name" = $1 order by "atNs"`,
    [host],
  )
  return rows.map(({ text }) => text)
}

for (const { name, command, isMissing } of SHELLS) {
  describe.skipIf(isMissing)(isMissing ? `${name} is not installed here` : name, () => {
    test('a round tells memory, processes and cgroups as /proc does', () => {
      const { lines, trouble } = callAgent(command, ['--dry-run', '--host', 'db-1'], machine.environment(null))
      expect(trouble).toBe('')
      const [, , sample, processes, cgroups] = lines.map((line) => JSON.parse(line))
      expect(sample).toEqual({
        host: 'db-1',
        at: expect.any(Number),
        memTotal: 1_040_904_192,
        memFree: 50_335_744,
        memAvailable: 122_880_000,
        buffers: 1_048_576,
        cached: 215_040_000,
        shmem: 2_097_152,
        anonPages: 716_800_000,
        sReclaimable: 20_480_000,
        sUnreclaim: 30_720_000,
        pageTables: 8_388_608,
        kernelStack: 4_194_304,
        committedAs: 3_072_000_000,
        commitLimit: 2_667_929_600,
        dirty: 12_288,
        swapTotal: 2_147_479_552,
        swapFree: 1_073_739_776,
        swapCached: 0,
        load1: 0.52,
        load5: 1.25,
        load15: 2,
        psiMemSomeAvg10: 12.34,
        psiMemFullAvg10: 6.5,
      })
      expect(processes.processes).toEqual([
        { pid: 7, comm: 'mysqld', rss: 614_400_000, swap: 102_400_000, oomScoreAdj: -500 },
        { pid: 9, comm: 'a "quoted" \\ name', rss: 921_600, swap: 0, oomScoreAdj: -500 },
      ])
      expect(cgroups.cgroups).toEqual([
        { path: '/app.slice/db.service', usage: 67_108_864, limit: 134_217_728, swap: 4096 },
        { path: '/user.slice', usage: 1_048_576 },
      ])
    })

    test('an old kernel tells less, and nothing is made up', () => {
      machine.write('proc/meminfo', 'MemTotal:  1000 kB\nMemFree:  400 kB\n')
      machine.write('proc/vmstat', 'pswpin 1\npswpout 2\npgmajfault 3\nallocstall 4\n')
      machine.write('proc/7/status', 'Name:\tmysqld\nVmRSS:\t600 kB\n')
      for (const gone of ['proc/pressure/memory', 'proc/7/oom_score_adj', 'proc/mounts', 'proc/9/status']) {
        machine.write(gone, '')
      }
      const { lines } = callAgent(command, ['--dry-run', '--host', 'db-1'], machine.environment(null))
      const [, , sample, processes] = lines.map((line) => JSON.parse(line))
      expect(Object.keys(sample)).toEqual(['host', 'at', 'memTotal', 'memFree', 'load1', 'load5', 'load15'])
      expect(processes.processes).toEqual([{ pid: 7, comm: 'mysqld', rss: 614_400 }])
      expect(lines).toHaveLength(4)
    })

    test('a name that is no UTF-8 costs a character, not the round', () => {
      const status = Buffer.concat([Buffer.from('Name:\tcaf'), Buffer.from([0xe9]), Buffer.from(' ✓\nVmRSS:\t9 kB\n')])
      machine.write('proc/7/status', '')
      machine.write('proc/9/status', status.toString('latin1'))
      const { lines } = callAgent(command, ['--dry-run'], machine.environment(null))
      expect(() => lines.map((line) => JSON.parse(line))).not.toThrow()
    })

    test('counters become rates between rounds; one that went back tells nothing', async () => {
      const environment = machine.environment(receiver)
      expect(await runAgent(command, ['--once', '--host', host], environment)).toBe(0)
      machine.write('proc/uptime', '1010.00 1900.00\n')
      machine.write(
        'proc/vmstat',
        'pswpin 200\npswpout 10\npgmajfault 27\nallocstall_dma 0\nallocstall_normal 8\noom_kill 3\n',
      )
      // Samples of one second are one sample.
      await vi.waitFor(async () => expect(Math.floor(Date.now() / 1000) * 1000).not.toBe((await storedInstants())[0]), {
        timeout: 5_000,
      })
      expect(await runAgent(command, ['--once', '--host', host], environment)).toBe(0)
      const { id } = (await findHost(host)) ?? { id: '' }
      const [first, second] = await listSamples(id, { from: 0, to: Date.now() + 1e9 })
      expect(first?.oomKills).toBeUndefined()
      expect(second).toMatchObject({ swapInPerSec: 40_960, majorFaultsPerSec: 2, allocStallPerSec: 0.5, oomKills: 2 })
      expect(second?.swapOutPerSec).toBeUndefined()
    })

    test('the kernel log is told once as it grows, also when its head is lost', async () => {
      const environment = machine.environment(receiver)
      await runAgent(command, ['--once', '--host', host], environment)
      const kill =
        '<3>[  900.250000] Out of memory: Killed process 7 (mysqld) total-vm:1024kB, anon-rss:512kB, file-rss:0kB'
      machine.write('dmesg', `${[KERNEL_LINES[1], kill].join('\n')}\n`)
      await runAgent(command, ['--once', '--host', host], environment)
      machine.write('dmesg', `${[kill, '<6>[  901.000000] oom_reaper: reaped process 7 (mysqld)'].join('\n')}\n`)
      await runAgent(command, ['--once', '--host', host], environment)
      const told = receiver.received
        .filter(({ path, body }) => path === '/api/ingest/json' && body.includes(host))
        .flatMap(({ body }) => body.trim().split('\n'))
        .map((line) => JSON.parse(line).MESSAGE)
      expect(told).toEqual([
        'Linux version 6.1.0-13-amd64',
        'eth0: link up',
        'Out of memory: Killed process 7 (mysqld) total-vm:1024kB, anon-rss:512kB, file-rss:0kB',
        'oom_reaper: reaped process 7 (mysqld)',
      ])
    })

    test('a line is told at the second the kernel wrote it, whatever the uptime of its clock', async () => {
      const environment = machine.environment(receiver)
      const before = Date.now()
      await runAgent(command, ['--once', '--host', host], environment)
      const record = JSON.parse(receiver.received.find(({ body }) => body.includes(host))?.body.split('\n')[1] ?? '{}')
      // 12.5 s after a boot 1000 s ago.
      const at = Number(record.__REALTIME_TIMESTAMP) / 1000
      expect(at).toBeGreaterThan(before - 1000_000 + 12_500 - 1_100)
      expect(at).toBeLessThan(Date.now() - 1000_000 + 12_500 + 100)
      expect(record).toMatchObject({ _SOURCE_MONOTONIC_TIMESTAMP: '12500000', _BOOT_ID: BOOT.replaceAll('-', '') })
    })

    test('with the server away and the agent killed and started again, no sample is lost or doubled', async () => {
      const environment = machine.environment(receiver)
      await receiver.goAway()
      let agent = startAgent(command, ['run', '--host', host], environment)
      await vi.waitFor(() => expect(waitingInstants().length).toBeGreaterThanOrEqual(3), { timeout: 15_000 })
      await killAgent(agent)
      const measured = new Set(waitingInstants())
      agent = startAgent(command, ['run', '--host', host], environment)
      await vi.waitFor(
        () => {
          for (const at of waitingInstants()) measured.add(at)
          expect(measured.size).toBeGreaterThanOrEqual(5)
        },
        { timeout: 15_000 },
      )
      await receiver.comeBack()
      await vi.waitFor(async () => expect(await storedInstants()).toEqual(expect.arrayContaining([...measured])), {
        timeout: 20_000,
      })
      await killAgent(agent)
      const instants = await storedInstants()
      expect(new Set(instants).size).toBe(instants.length)
      expect(await storedLines()).toHaveLength(KERNEL_LINES.length)
    }, 60_000)

    test('killed between the answer and its note of it, it sends again and nothing is stored twice', async () => {
      const environment = machine.environment(receiver)
      await receiver.goAway()
      await runAgent(command, ['--once', '--host', host], environment)
      const waiting = readdirSync(machine.spool).map((name) => [name, readFileSync(join(machine.spool, name), 'utf8')])
      await receiver.comeBack()
      await runAgent(command, ['--once', '--host', host], environment)
      const instants = await storedInstants()
      const lines = await storedLines()
      for (const [name, text] of waiting) machine.write(`state/spool/${name}`, text ?? '')
      await runAgent(command, ['--once', '--host', host], environment)
      expect(readdirSync(machine.spool)).toEqual([])
      expect((await storedInstants()).slice(0, instants.length)).toEqual(instants)
      expect(await storedLines()).toEqual(lines)
    })

    test('a full spool gives up old measurements first, those around a kill later, the kernel log last', async () => {
      const filler = 'x'.repeat(4_000)
      for (let round = 1; round <= 60; round += 1) machine.write(`state/spool/m-${1000 + round}-1-${round}`, filler)
      for (let round = 1; round <= 10; round += 1) machine.write(`state/spool/p-${2000 + round}-1-${round}`, filler)
      for (let round = 1; round <= 3; round += 1) machine.write(`state/spool/k-${500 + round}-1-${round}`, filler)
      await receiver.goAway()
      const agent = startAgent(
        command,
        ['run', '--host', host],
        machine.environment(receiver, { OOMSCOPE_SPOOL_KIB: '80' }),
      )
      const kindsOf = () => readdirSync(machine.spool).map((name) => name.slice(0, 6))
      await vi.waitFor(() => expect(kindsOf().filter((kind) => kind === 'm-1060')).toEqual([]), { timeout: 20_000 })
      await killAgent(agent)
      await receiver.comeBack()
      expect(kindsOf().filter((kind) => kind.startsWith('p-20'))).toHaveLength(10)
      expect(kindsOf().filter((kind) => kind.startsWith('k-5'))).toHaveLength(3)
    }, 40_000)

    test('after a reboot, what the kernel wrote last before it is sent with the times of that boot', async () => {
      const boot = 'ffff0000ffff0000ffff0000ffff0000'
      machine.write('state/kernel', `${boot}\t1795000000.000000\t100.000000\t1795000110.000\n<4>[  100.000000] seen\n`)
      machine.write(
        'sys/fs/pstore/dmesg-efi-1',
        'Panic#1 Part1\n<4>[  100.000000] seen\n<0>[  101.500000] Kernel panic - not syncing: Out of memory\n',
      )
      const agent = startAgent(command, ['run', '--host', host], machine.environment(receiver))
      const told = () => receiver.received.filter(({ body }) => body.includes(host) && body.includes(boot))
      await vi.waitFor(
        async () => {
          expect(told()).not.toEqual([])
          expect(await storedInstants()).not.toEqual([])
        },
        { timeout: 10_000 },
      )
      await killAgent(agent)
      const records = told().flatMap(({ body }) =>
        body
          .trim()
          .split('\n')
          .filter((line) => line.includes(boot)),
      )
      expect(records.map((line) => JSON.parse(line))).toEqual([
        {
          _HOSTNAME: host,
          _BOOT_ID: boot,
          __REALTIME_TIMESTAMP: '1795000101500000',
          _SOURCE_MONOTONIC_TIMESTAMP: '101500000',
          _TRANSPORT: 'kernel',
          SYSLOG_IDENTIFIER: 'kernel',
          PRIORITY: '0',
          MESSAGE: 'Kernel panic - not syncing: Out of memory',
        },
      ])
    })

    test('after a reboot, the journal of the boot before tells what was not sent yet, and no other boot', async () => {
      const boot = 'eeee0000eeee0000eeee0000eeee0000'
      const entry = (bootId: string, microseconds: number, text: string) =>
        JSON.stringify({
          _BOOT_ID: bootId,
          _HOSTNAME: host,
          _TRANSPORT: 'kernel',
          __REALTIME_TIMESTAMP: String(1795000000000000 + microseconds),
          _SOURCE_MONOTONIC_TIMESTAMP: String(microseconds),
          MESSAGE: text,
        })
      machine.write(
        'journal',
        `${[
          entry('dddd0000dddd0000dddd0000dddd0000', 900_000_000, 'of an older boot'),
          entry(boot, 100_000_000, 'sent before'),
          entry(boot, 101_500_000, 'Out of memory: Killed process 7 (mysqld)'),
        ].join('\n')}\n`,
      )
      // Stands for systemd's: it prints the log of the boot before, whatever is asked.
      machine.write('bin/journalctl', `#!/bin/sh\ncat ${machine.folder}/journal\n`)
      chmodSync(join(machine.folder, 'bin/journalctl'), 0o755)
      machine.write('state/kernel', `${boot}\t1795000000.000000\t100.000000\t1795000110.000\n`)
      const environment = machine.environment(receiver, { PATH: `${machine.folder}/bin:${process.env.PATH}` })
      const agent = startAgent(command, ['run', '--host', host], environment)
      await vi.waitFor(async () => expect(await storedLines()).toHaveLength(1 + KERNEL_LINES.length), {
        timeout: 10_000,
      })
      await killAgent(agent)
      expect((await storedLines()).join('\n')).toContain('Out of memory: Killed process 7 (mysqld)')
    })

    test('without curl, wget carries it', async () => {
      const bin = join(machine.folder, 'bin')
      mkdirSync(bin)
      for (const tool of TOOLS)
        symlinkSync(spawnSync('which', [tool], { encoding: 'utf8' }).stdout.trim(), join(bin, tool))
      const environment = machine.environment(receiver, { PATH: bin })
      const [program = '', ...rest] = command
      const shell = [spawnSync('which', [program], { encoding: 'utf8' }).stdout.trim(), ...rest]
      expect(await runAgent(shell, ['--once', '--host', host], environment)).toBe(0)
      expect(await storedInstants()).toHaveLength(1)
      expect(await storedLines()).toHaveLength(KERNEL_LINES.length)
      expect(readdirSync(machine.spool)).toEqual([])
    })

    test('a second agent leaves at once, and starting it again leaves the log of the first alone', async () => {
      const environment = machine.environment(receiver)
      const agent = startAgent(command, ['run', '--host', host], environment)
      await vi.waitFor(async () => expect(await storedInstants()).not.toEqual([]), { timeout: 10_000 })
      expect(await runAgent(command, ['run', '--host', host], environment)).toBe(0)
      machine.write('state/log', 'what the first one said\n')
      expect(await runAgent(command, ['start', '--host', host], environment)).toBe(0)
      expect(readFileSync(join(machine.folder, 'state/log'), 'utf8')).toBe('what the first one said\n')
      expect(agent.exitCode).toBeNull()
      await killAgent(agent)
    })
  })
}

import { KERNELS, writeGlobalReport, writeMemcgReport, writeOldReport } from '@/lib/findings/scenarios/kernel-report'
import { type Demand, type Machine, type Process, type State, stateOf } from '@/lib/findings/scenarios/machine'
import { type Random, randomOf } from '@/lib/findings/scenarios/random'
import { simulate, type Traces } from '@/lib/findings/scenarios/simulate'
import type { CauseClass, Pattern } from '@/lib/incidents/incident'

/** A way to run out of memory, and what must be said about it. */
export interface Scenario {
  name: string
  cause: CauseClass
  pattern: Pattern
  /** Null: no program held it. */
  hog: string | null
  run: (seed: number) => Traces
}

/** Minutes of ordinary life before anything begins. */
const CALM = 45

export const SCENARIOS: readonly Scenario[] = [
  { name: 'leak', cause: 'exhaustion', pattern: 'leak', hog: 'ledger-api', run: leak },
  { name: 'spike', cause: 'exhaustion', pattern: 'spike', hog: 'pandoc', run: spike },
  { name: 'fork storm', cause: 'exhaustion', pattern: 'fork-storm', hog: 'convert', run: forkStorm },
  {
    name: 'restart loop on the machine',
    cause: 'exhaustion',
    pattern: 'restart-loop',
    hog: 'indexer',
    run: machineLoop,
  },
  {
    name: 'cgroup limit, once',
    cause: 'cgroup-limit',
    pattern: 'unknown',
    hog: 'render',
    run: (seed) => cgroup(seed, 1),
  },
  {
    name: 'cgroup limit, loop',
    cause: 'cgroup-limit',
    pattern: 'restart-loop',
    hog: 'render',
    run: (seed) => cgroup(seed, 4),
  },
  { name: 'tmpfs', cause: 'shared-memory', pattern: 'leak', hog: null, run: tmpfs },
  { name: 'slab', cause: 'kernel-memory', pattern: 'leak', hog: null, run: slab },
  {
    name: 'the seed: clamscan from a 5-minute cron',
    cause: 'exhaustion',
    pattern: 'leak',
    hog: 'clamscan',
    run: seedReplay,
  },
]

function leak(seed: number): Traces {
  const { random, machine, base } = beginning(seed)
  const lasts = random.between(50, 240)
  const needed = roomOf(machine, base) * 1.02
  const wantsMib = (minute: number) => 80 + (needed * Math.max(0, minute - CALM)) / lasts
  return global(random, machine, CALM + lasts + 30, (minute, killed) =>
    withOne(
      base,
      { ...process(4711, 'ledger-api', wantsMib(minute) + random.between(0, machine.ramMib * 0.01)) },
      killed,
    ),
  )
}

function spike(seed: number): Traces {
  const { random, machine, base } = beginning(seed, 10_000)
  const lasts = random.between(1.5, 4)
  const starts = CALM + random.between(0, 20)
  const needed = roomOf(machine, base) * 1.1
  return global(random, machine, starts + lasts + 30, (minute, killed) =>
    minute < starts
      ? demand(base)
      : withOne(base, process(8120, 'pandoc', Math.min(needed, (needed * (minute - starts)) / lasts)), killed),
  )
}

function forkStorm(seed: number): Traces {
  const { random, machine, base } = beginning(seed)
  const lasts = random.between(4, 12)
  const count = random.whole(160, 420)
  const each = (roomOf(machine, base) * 1.05) / count
  return global(random, machine, CALM + lasts + 30, (minute, killed) => {
    const running = Math.round(Math.min(1, Math.max(0, minute - CALM) / lasts) * count)
    const storm = Array.from({ length: running }, (_, index) => process(20_000 + index, 'convert', each, 33))
    return demand([...base, ...storm].filter(({ pid }) => !killed.has(pid)))
  })
}

/** Its service manager starts it again at once; each time it takes all there is within minutes. */
function machineLoop(seed: number): Traces {
  const { random, machine, base } = beginning(seed, 10_000)
  const lasts = random.between(2, 4)
  const needed = roomOf(machine, base) * 1.05
  let startedAt = CALM
  let deaths = 0
  return global(random, machine, CALM + 60, (minute, killed) => {
    if (killed.size > deaths) {
      deaths = killed.size
      startedAt = minute + 0.5
    }
    if (minute < startedAt || deaths >= 4) return demand(base)
    return withOne(base, process(30_000 + deaths, 'indexer', (needed * (minute - startedAt)) / lasts), killed)
  })
}

/** The machine has plenty; a group reaches its own limit, `times` times. */
function cgroup(seed: number, times: number): Traces {
  const { random, machine, base } = beginning(seed)
  const limitMib = random.pick([256, 512, 1024])
  const pod = `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${hex(random, 8)}_${hex(random, 4)}.slice`
  const kernel = random.pick(KERNELS)
  const every = random.between(4, 9)
  const inGroup = (pid: number): State => {
    const members = [process(pid, 'render', limitMib * 0.94, 1000, 900), process(pid - 9, 'sh', 2, 1000, 900)]
    return stateOf({ ...machine, ramMib: limitMib * 2 }, demand(members))
  }
  // A step in which the machine wants more than it has stands for the group's own shortage.
  const isDue = (minute: number, deaths: number) => deaths < times && minute >= CALM + deaths * every
  const small = { ...machine, swapMib: 0 }
  return simulate(
    {
      machine: small,
      stepMs: 30_000,
      minutes: CALM + every * times + 10,
      demandAt: (minute, killed) => {
        const grows = isDue(minute, killed.size) ? small.ramMib : limitMib * 0.5
        return demand([...base, process(50_000 + killed.size * 40, 'render', grows, 1000, 900)])
      },
      chooseVictim: (state) => state.demand.processes.find(({ comm }) => comm === 'render') ?? null,
      report: (_, victim) => {
        const state = inGroup(victim.pid)
        const [member = victim] = state.demand.processes
        return writeMemcgReport(limitMib, pod, state, member, kernel, random)
      },
    },
    random,
  )
}

function tmpfs(seed: number): Traces {
  const { random, machine, base } = beginning(seed)
  const lasts = random.between(45, 150)
  const needed = roomOf({ ...machine, swapMib: 0 }, base) * 1.05
  return global(random, { ...machine, swapMib: 0 }, CALM + lasts + 20, (minute, killed) => ({
    ...demand(base.filter(({ pid }) => !killed.has(pid))),
    shmemMib: 20 + (needed * Math.max(0, minute - CALM)) / lasts,
  }))
}

function slab(seed: number): Traces {
  const { random, machine, base } = beginning(seed)
  const lasts = random.between(60, 200)
  const needed = roomOf(machine, base) * 1.05
  return global(random, machine, CALM + lasts + 20, (minute, killed) => ({
    ...demand(base.filter(({ pid }) => !killed.has(pid))),
    slabMib: machine.ramMib * 0.01 + (needed * Math.max(0, minute - CALM)) / lasts,
  }))
}

/** Every five minutes another virus scan that hangs, on the mail server of the founding incident. */
function seedReplay(seed: number): Traces {
  const random = randomOf(seed)
  const machine: Machine = {
    host: 'mail',
    ramMib: 256,
    swapMib: random.pick([384, 512]),
    workingSetMib: 30,
    tells: 'no-available',
  }
  const base = [
    process(22_073, 'mysqld', random.between(30, 45), 27),
    ...Array.from({ length: 6 }, (_, index) => process(23_471 + index, 'httpd', random.between(8, 12), 48)),
    process(1_820, 'spamd', random.between(15, 25)),
    process(2_011, 'sendmail', 3),
  ]
  const each = random.between(28, 42)
  return simulate(
    {
      machine,
      stepMs: 30_000,
      minutes: 300,
      demandAt: (minute, killed) => {
        const running = Math.max(0, Math.floor((minute - CALM) / 5))
        const scans = Array.from({ length: running }, (_, index) => {
          const age = minute - CALM - (index + 1) * 5
          return process(24_000 + index * 3, 'clamscan', each * Math.min(1, 0.2 + age / 3))
        })
        return { ...demand([...base, ...scans].filter(({ pid }) => !killed.has(pid))), slabMib: 8 }
      },
      // Until 2.6.36 the kernel compared address space: a server with much of it went first.
      chooseVictim: (state) => state.demand.processes.find(({ comm }) => comm === 'mysqld' || comm === 'httpd') ?? null,
      report: (state, victim) => writeOldReport(machine, state, victim, random),
    },
    random,
  )
}

function beginning(seed: number, stepMs?: number): { random: Random; machine: Machine; base: Process[] } {
  const random = randomOf(seed)
  const ramMib = random.pick([2048, 4096, 8192, 16_384])
  const machine: Machine = {
    host: `${random.pick(['db', 'web', 'ci', 'shop'])}${random.whole(1, 40)}`,
    ramMib,
    swapMib: random.pick([0, 0, 1024, 2048]),
    workingSetMib: ramMib * random.between(0.05, 0.1),
    tells: 'everything',
  }
  stepOf.set(machine, stepMs ?? random.pick([10_000, 30_000, 60_000]))
  return { random, machine, base: baseOf(machine, random) }
}

const stepOf = new WeakMap<Machine, number>()

/** What runs there at any time: a quarter to a half of the RAM. */
export function baseOf(machine: Machine, random: Random): Process[] {
  const share = random.between(0.2, 0.4)
  const workers = random.whole(2, 6)
  return [
    process(1, 'systemd', 12),
    process(310, 'systemd-journal', random.between(10, 30), 0, -250),
    process(702, 'sshd', 7, 0, -1000),
    process(720, 'rsyslogd', 9, 104),
    process(811, 'postgres', machine.ramMib * share * 0.5, 111),
    ...Array.from({ length: workers }, (_, index) =>
      process(900 + index, 'gunicorn', (machine.ramMib * share * 0.4) / workers, 1001),
    ),
    process(950, 'node_exporter', random.between(12, 25), 65_534),
  ]
}

function global(
  random: Random,
  machine: Machine,
  minutes: number,
  demandAt: (minute: number, killed: ReadonlySet<number>) => Demand,
): Traces {
  const kernel = random.pick(KERNELS)
  const stepMs = stepOf.get(machine) ?? 30_000
  return simulate(
    {
      machine,
      stepMs,
      minutes,
      demandAt,
      report: (state, victim) => writeGlobalReport(machine, state, victim, kernel, random),
    },
    random,
  )
}

/** What is still to be had beside what runs anyway, swap included. */
function roomOf(machine: Machine, base: readonly Process[]): number {
  return machine.ramMib + machine.swapMib - base.reduce((sum, { wantsMib }) => sum + wantsMib, 0)
}

export function process(pid: number, comm: string, wantsMib: number, uid = 0, oomScoreAdj = 0): Process {
  return { pid, comm, uid, wantsMib, oomScoreAdj }
}

export function demand(processes: readonly Process[]): Demand {
  return { processes, shmemMib: 20, slabMib: 40 }
}

function withOne(base: readonly Process[], one: Process, killed: ReadonlySet<number>): Demand {
  return demand([...base, one].filter(({ pid }) => !killed.has(pid)))
}

function hex(random: Random, digits: number): string {
  return Array.from({ length: digits }, () => random.whole(0, 15).toString(16)).join('')
}

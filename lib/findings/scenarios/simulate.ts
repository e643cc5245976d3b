import {
  type Demand,
  listOf,
  type Machine,
  type Process,
  type State,
  sampleOf,
  stateOf,
  victimOf,
} from '@/lib/findings/scenarios/machine'
import type { Random } from '@/lib/findings/scenarios/random'
import type { ProcessList } from '@/lib/metrics/process'
import type { Series } from '@/lib/metrics/sample'
import type { EpochMs } from '@/lib/units'

/** What a machine leaves behind. */
export interface Traces {
  machine: Machine
  samples: Series
  /** One a minute. */
  lists: ProcessList[]
  /** A syslog, as its host would have kept it. */
  log: string
  kills: { at: EpochMs; pid: number; comm: string }[]
}

export interface Plan {
  machine: Machine
  stepMs: number
  /** What is wanted after so many minutes, but for those killed. */
  demandAt: (minute: number, killed: ReadonlySet<number>) => Demand
  minutes: number
  report: (state: State, victim: Process) => string[]
  /** Defaults to the kernel's choice by size. */
  chooseVictim?: (state: State) => Process | null
}

export const MINUTE = 60_000
const START = Date.UTC(2026, 2, 2, 1, 0, 0)
/** It goes on this long after the first kill. */
const AFTER_MINUTES = 20
const MOST_KILLS = 6

/** Lets a machine run: it measures itself, its kernel kills what does not fit, its log tells. */
export function simulate(plan: Plan, random: Random): Traces {
  const { machine, stepMs, minutes } = plan
  const log = new Syslog(machine.host, random)
  const samples: Series = []
  const lists: ProcessList[] = []
  const kills: Traces['kills'] = []
  const killed = new Set<number>()
  const start = START + random.whole(0, 9 * 60) * MINUTE
  let end = start + minutes * MINUTE
  for (let at = start; at <= end; at += stepMs) {
    if (random.next() < stepMs / (20 * MINUTE)) log.chatter(at)
    const now = () => stateOf(machine, plan.demandAt((at - start) / MINUTE, killed))
    const victim = now().missing > 0 && kills.length < MOST_KILLS ? (plan.chooseVictim ?? choose(machine))(now()) : null
    if (victim) {
      const killedAt = at - Math.round(stepMs * random.between(0.1, 0.7))
      log.kernel(killedAt, plan.report(now(), victim))
      kills.push({ at: killedAt, pid: victim.pid, comm: victim.comm })
      killed.add(victim.pid)
      if (kills.length === 1) end = Math.min(end, at + AFTER_MINUTES * MINUTE)
    }
    samples.push(sampleOf(machine, now(), at, random))
    if ((at - start) % MINUTE < stepMs) lists.push(listOf(now(), at))
  }
  return { machine, samples, lists, log: log.text, kills }
}

function choose(machine: Machine): (state: State) => Process | null {
  return (state) => victimOf(machine, state)
}

/** Lines as a syslog daemon writes them, in the old or the new way of telling time. */
class Syslog {
  private readonly lines: string[] = []
  private readonly isNew: boolean
  private readonly bootedBefore: number

  constructor(
    private readonly host: string,
    private readonly random: Random,
  ) {
    this.isNew = random.next() < 0.5
    this.bootedBefore = random.whole(3_600, 900_000)
  }

  kernel(at: EpochMs, messages: readonly string[]): void {
    const uptime = (at - START) / 1000 + this.bootedBefore
    messages.forEach((text, index) => {
      const seconds = (uptime + index * 0.000_011).toFixed(6)
      this.add(at, `kernel: [${seconds.padStart(12)}] ${text}`)
    })
  }

  /** What has nothing to do with memory. */
  chatter(at: EpochMs): void {
    const pid = this.random.whole(1_000, 30_000)
    const line = this.random.pick([
      `CRON[${pid}]: (root) CMD (cd / && run-parts --report /etc/cron.hourly)`,
      `sshd[${pid}]: Connection closed by 10.2.0.${pid % 250} port ${pid} [preauth]`,
      `systemd[1]: Started session-${pid}.scope - Session ${pid} of User deploy.`,
    ])
    this.add(at, line)
  }

  get text(): string {
    return `${this.lines.join('\n')}\n`
  }

  private add(at: EpochMs, rest: string): void {
    this.lines.push(`${this.isNew ? isoTime(at) : oldTime(at)} ${this.host} ${rest}`)
  }
}

function isoTime(at: EpochMs): string {
  return new Date(at).toISOString().replace('Z', '000+00:00')
}

function oldTime(at: EpochMs): string {
  const date = new Date(at)
  const month = date.toUTCString().slice(8, 11)
  return `${month} ${String(date.getUTCDate()).padStart(2)} ${date.toISOString().slice(11, 19)}`
}

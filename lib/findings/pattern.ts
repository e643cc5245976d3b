import type { ReportReading } from '@/lib/findings/reading'
import { heldKib } from '@/lib/findings/tasks'
import { stripIds } from '@/lib/incidents/cgroup-path'
import type { IncidentFacts, Pattern } from '@/lib/incidents/incident'
import type { Sample, Series } from '@/lib/metrics/sample'
import type { Kill } from '@/lib/oom/report'
import type { Bytes, EpochMs } from '@/lib/units'

/** A restart loop is at least this many kills of one program in one cgroup, each of another process. */
const LOOP_KILLS = 3
const LOOP_STEP_MS = 5_000
/** A fork storm is this many processes of one program that together hold half of what all hold. */
const STORM_PROCESSES = 100

const MINUTE = 60_000
const LEAK_MINUTES = 30
const LEAK_POINTS = 20
const SPIKE_MS = 5 * MINUTE
/** A loss counts as large from this share of RAM and swap. */
const LARGE_LOSS = 0.3
const STEADY_LOSS = 0.05

/** How the shortage came about; unknown unless kills, task dump or samples show it. */
export function findPattern(facts: IncidentFacts, main: ReportReading | null, samples: Series): Pattern {
  if (isRestartLoop(facts.kills)) return 'restart-loop'
  if (isForkStorm(main)) return 'fork-storm'
  return facts.from === null ? 'unknown' : trend(samples, firstKillAt(facts) ?? facts.from)
}

export function isRestartLoop(kills: Kill[]): boolean {
  const lanes = new Map<string, Kill[]>()
  for (const kill of kills) {
    const path = kill.limitCgroup ?? kill.cgroup
    if (kill.constraint !== 'memcg' || kill.comm === null || path === null) continue
    const lane = `${kill.comm}\n${stripIds(path)}`
    lanes.set(lane, [...(lanes.get(lane) ?? []), kill])
  }
  return [...lanes.values()].some((lane) => {
    if (new Set(lane.map((kill) => kill.pid)).size < LOOP_KILLS) return false
    const times = lane.map((kill) => timeOf(kill)).filter((at) => at !== null)
    const steps = times.slice(1).map((at, index) => at - (times[index] ?? at))
    return steps.filter((step) => step >= LOOP_STEP_MS).length >= LOOP_KILLS - 1
  })
}

/** Time of a kill, or its uptime in ms where only that is known. */
export function timeOf(kill: Kill): EpochMs | null {
  if (kill.stamp.at !== null) return kill.stamp.at
  return kill.stamp.uptimeSeconds === null ? null : kill.stamp.uptimeSeconds * 1000
}

export function isForkStorm(main: ReportReading | null): boolean {
  const programs = main?.tasks?.programs ?? []
  const total = programs.reduce((held, program) => held + heldKib(program), 0)
  return programs.some((program) => program.tasks.length >= STORM_PROCESSES && heldKib(program) * 2 >= total)
}

function firstKillAt(facts: IncidentFacts): EpochMs | null {
  return facts.kills.find((kill) => kill.stamp.at !== null)?.stamp.at ?? null
}

/** Leak, spike or steady from what was left of RAM and swap before the first kill. */
function trend(samples: Series, killedAt: EpochMs): Pattern {
  const before = samples
    .filter((sample) => sample.at <= killedAt && killedAt - sample.at <= 24 * 60 * MINUTE)
    .flatMap((sample) => {
      const left = leftOf(sample)
      const all = (sample.memTotal ?? 0) + (sample.swapTotal ?? 0)
      return left === null || all === 0 ? [] : [{ at: sample.at, left, share: left / all }]
    })
  const last = before.at(-1)
  const first = before[0]
  if (!first || !last || killedAt - last.at > SPIKE_MS) return 'unknown'
  const recent = before.filter((point) => last.at - point.at <= SPIKE_MS)
  const lossNow = (recent[0]?.share ?? last.share) - last.share
  const lossAll = Math.max(...before.map((point) => point.share)) - last.share
  const minutes = (last.at - first.at) / MINUTE
  if (before.length >= LEAK_POINTS && minutes >= LEAK_MINUTES) {
    if (lossAll >= LARGE_LOSS && lossNow < lossAll / 2 && isFalling(before)) return 'leak'
    if (lossAll < STEADY_LOSS) return 'steady'
  }
  const isSudden = recent.length >= 2 && lossNow >= LARGE_LOSS && lossNow >= lossAll / 2
  return isSudden ? 'spike' : 'unknown'
}

/** True when the median of each sixth of the time lies below that of the sixth before, but for one. */
function isFalling(points: { at: EpochMs; share: number }[]): boolean {
  const from = points[0]?.at ?? 0
  const step = ((points.at(-1)?.at ?? 0) - from) / 6
  const medians = [0, 1, 2, 3, 4, 5].map((index) => {
    const inside = points.filter(({ at }) => at >= from + index * step && at <= from + (index + 1) * step)
    const shares = inside.map(({ share }) => share).sort((a, b) => a - b)
    return shares[Math.floor(shares.length / 2)] ?? null
  })
  const known = medians.filter((median) => median !== null)
  const rises = known.slice(1).filter((median, index) => median >= (known[index] ?? 0)).length
  return known.length >= 5 && rises <= 1
}

function leftOf(sample: Sample): Bytes | null {
  const { memAvailable, swapFree, swapTotal } = sample
  if (memAvailable == null) return null
  if (swapFree == null) return swapTotal === 0 ? memAvailable : null
  return memAvailable + swapFree
}

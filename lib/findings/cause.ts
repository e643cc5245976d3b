import { type Balance, type KernelPart, type Part, readBalance } from '@/lib/findings/balance'
import { type Binding, readBinding } from '@/lib/findings/binding'
import { type Figure, shareOf } from '@/lib/findings/figure'
import { lastSampleBefore } from '@/lib/findings/last-sample'
import type { ReportReading } from '@/lib/findings/reading'
import { carriersOf, type Fragmentation, type Request, readShortage, type Shortage } from '@/lib/findings/shortage'
import type { ZoneReading } from '@/lib/findings/zones'
import type { CauseClass, Confidence, IncidentFacts } from '@/lib/incidents/incident'
import type { Series } from '@/lib/metrics/sample'
import type { Kill, LogEvent, OomReport } from '@/lib/oom/report'
import { type Kib, pagesToKib } from '@/lib/units'

/** What ran out, with the figure that decided it. */
export interface Cause {
  class: CauseClass
  confidence: Confidence
  /** What the class rests on, where it is one thing that can be named. */
  decided:
    | { by: 'zone'; zone: ZoneReading; elsewhere: Figure }
    | { by: 'allowed-nodes'; binding: Binding }
    | { by: 'fragmentation'; fragmentation: Fragmentation }
    | { by: 'kernel-memory'; part: Part<KernelPart> }
    | { by: 'shared-memory'; part: Part<'shmem'> }
    | { by: 'hugepages'; part: Part<'hugepages'> }
    | { by: 'other' }
}

/** Free memory out of reach counts as "memory elsewhere is free" from this share of RAM. */
const ELSEWHERE = 0.05
/** A thing other than the programs' own memory is the cause from this share, when it is also larger than theirs … */
const LARGE = 0.3
/** … or from this share alone. */
const MOST = 0.5
/** With less of the swap left, little could still be moved out. */
const LOW_SWAP = 0.15
/** With this share of RAM free and open to the request, memory was not used up. */
const PLENTY = 0.1
/** A victim this small, chosen as the best one, shows that no killable process was large. */
const SMALL_VICTIM_KIB: Kib = 64 * 1024
/** A score is in thousandths of memory plus at most 1,000 of adjustment. */
export const HIGHEST_SCORE = 2000

const other = { by: 'other' } as const

/** Names what ran out, or `unknown`. The first rule that holds decides; each is one function below. */
export function findCause(facts: IncidentFacts, main: ReportReading | null, samples: Series = []): Cause {
  const cause = fromFacts(facts, main)
  // Where the log has no figures of its own, samples just before the kill may show what ran out.
  const isOpen = cause.class === 'unknown' || (cause.class === 'exhaustion' && cause.confidence !== 'high')
  const isGlobal = facts.kills.some((kill) => kill.by === 'kernel' && kill.constraint === 'none')
  if (!isOpen || !isGlobal || main?.report.memory || !lastSampleBefore(facts, samples)?.isUsedUp) return cause
  return { class: 'exhaustion', confidence: 'high', decided: other }
}

function fromFacts(facts: IncidentFacts, main: ReportReading | null): Cause {
  return (
    manual(facts, main) ??
    userspaceKiller(facts) ??
    cgroupLimit(facts, main) ??
    withoutReport(facts, main) ??
    (main ? machineWide(facts, main) : fromKillsAlone(facts.kills, null))
  )
}

function machineWide(facts: IncidentFacts, main: ReportReading): Cause {
  const shortage = readShortage(main, requestOf(facts, main))
  const balance = readBalance(main)
  if (isFailedAllocation(facts, main)) return fragmentation(shortage) ?? withoutReport(facts, null) ?? unknown('low')
  return (
    allowedNodes(main) ??
    zoneOut(main, shortage) ??
    fragmentation(shortage) ??
    (balance ? (hugePages(balance) ?? kernelMemory(balance) ?? sharedMemory(balance)) : null) ??
    exhaustion(facts, main, shortage, balance)
  )
}

/** A report of a failed allocation, not of the OOM killer; where its head is lost, a failure beside it tells. */
export function isFailedAllocation(facts: IncidentFacts, main: ReportReading): boolean {
  if (main.report.trigger !== 'unknown') return main.report.trigger === 'allocation-failure'
  return facts.kills.length === 0 && failureBeside(facts, main) !== null
}

/** What was asked for: from the report, else from the failure that its figures stand beside. */
export function requestOf(facts: IncidentFacts, main: ReportReading): Request {
  if (main.report.order !== null || main.report.gfpMask !== null) return main.report
  const failure = isFailedAllocation(facts, main) ? failureBeside(facts, main) : null
  if (!failure) return main.report
  const { order, gfpMask } = failure.detail
  return {
    order: typeof order === 'number' ? order : null,
    gfpMask: typeof gfpMask === 'string' ? gfpMask : null,
  }
}

/** The failed allocation that the figures of a headless report stand beside. */
export function failureBeside(facts: IncidentFacts, main: ReportReading): LogEvent | null {
  const { source, from, to } = main.report.lines
  const isBeside = ({ kind, lines }: LogEvent) =>
    kind === 'allocation-failure' && lines.source === source && lines.from >= from - 2 && lines.from <= to + 2
  return facts.events.find(isBeside) ?? null
}

function unknown(confidence: Confidence): Cause {
  return { class: 'unknown', confidence, decided: other }
}

function manual(facts: IncidentFacts, main: ReportReading | null): Cause | null {
  const isManual = main ? main.report.isManual : facts.reports.some((report) => report.isManual)
  return isManual ? { class: 'manual', confidence: 'high', decided: other } : null
}

function userspaceKiller(facts: IncidentFacts): Cause | null {
  const isAllUserspace = facts.kills.length > 0 && facts.kills.every((kill) => kill.by !== 'kernel')
  return isAllUserspace ? { class: 'pressure-kill', confidence: 'high', decided: other } : null
}

function cgroupLimit(facts: IncidentFacts, main: ReportReading | null): Cause | null {
  const isMemcg = main?.report.constraint === 'memcg' || facts.kills.some((kill) => kill.constraint === 'memcg')
  return isMemcg ? { class: 'cgroup-limit', confidence: 'high', decided: other } : null
}

/** Incidents made of events alone, or of a failed allocation. */
function withoutReport(facts: IncidentFacts, main: ReportReading | null): Cause | null {
  if (main || facts.kills.length > 0) return null
  const has = (kind: string) => facts.events.some((event) => event.kind === kind)
  if (has('allocation-failure')) {
    const orders = facts.events.filter((event) => event.kind === 'allocation-failure').map(({ detail }) => detail.order)
    const isBlock = orders.some((order) => typeof order === 'number' && order > 0)
    return isBlock ? { class: 'fragmentation', confidence: 'medium', decided: other } : unknown('low')
  }
  if (has('runtime-oom')) return { class: 'runtime-limit', confidence: 'high', decided: other }
  const told = facts.events.filter((event) => event.kind === 'container-oom')
  if (told.some(isOfContainer)) return { class: 'cgroup-limit', confidence: 'medium', decided: other }
  if (told.length > 0) return { class: 'exhaustion', confidence: 'low', decided: other }
  if (has('eviction')) return { class: 'pressure-kill', confidence: 'high', decided: other }
  return unknown('low')
}

/** The event names a container or group. The kubelet's "System OOM" does not: there the machine itself was short. */
export function isOfContainer(event: LogEvent): boolean {
  // Kubernetes' reason for the end of a container, told without its name.
  if (/\bOOMKilled\b/.test(event.message)) return true
  // The kernel's own words, which node-problem-detector repeats.
  if (event.message.includes('Memory cgroup out of memory')) return true
  const { container, name, cgroup } = event.detail
  return [container, name, cgroup].some((known) => typeof known === 'string' && known !== '' && known !== '/')
}

/** Only some nodes were allowed, as the kernel prints it or the zones show. */
function allowedNodes(main: ReportReading): Cause | null {
  const binding = readBinding(main)
  if (!binding) return null
  const isCertain = binding.from === 'printed' ? binding.free !== null : isBoundToNodes(main.report)
  return { class: 'zone', confidence: isCertain ? 'high' : 'medium', decided: { by: 'allowed-nodes', binding } }
}

/** The request itself says that it takes memory of certain nodes only. */
function isBoundToNodes({ gfpFlags, nodes }: OomReport): boolean {
  return (
    (gfpFlags ?? '').includes('__GFP_THISNODE') ||
    nodes?.nodemask != null ||
    !['/', null, undefined].includes(nodes?.cpuset)
  )
}

function zoneOut(main: ReportReading, shortage: Shortage): Cause | null {
  const { elsewhere, eligible, isEveryZoneClosed } = shortage
  const [zone] = [...eligible].sort((a, b) => (b.zone.presentKib ?? 0) - (a.zone.presentKib ?? 0))
  if (!zone || !elsewhere || !main.usable || elsewhere.kib < main.usable.kib * ELSEWHERE) return null
  // Reclaim may have lifted a zone a little over its min by the time the report is written.
  if (!isEveryZoneClosed && !carriersOf(eligible).every((each) => each.isShort === true)) return null
  const confidence = isEveryZoneClosed ? 'high' : 'medium'
  return { class: 'zone', confidence, decided: { by: 'zone', zone, elsewhere } }
}

function fragmentation(shortage: Shortage): Cause | null {
  if (!shortage.fragmentation) return null
  const decided = { by: 'fragmentation', fragmentation: shortage.fragmentation } as const
  return { class: 'fragmentation', confidence: 'high', decided }
}

function hugePages(balance: Balance): Cause | null {
  const part = balance.hugePages
  if (!part || part.share < LARGE || part.share < (balance.ownShare ?? 0)) return null
  return { class: 'hugepages', confidence: part.share >= MOST ? 'high' : 'medium', decided: { by: 'hugepages', part } }
}

function kernelMemory(balance: Balance): Cause | null {
  const part = balance.kernelParts[0]
  if (!part) return null
  const programs = (balance.ownShare ?? 0) + balance.swappedShare
  // Compressed swap in RAM is memory that no figure lists: it belongs to the programs that were swapped out.
  const mayBeZram = part.name === 'unaccounted' && balance.swappedShare > 0
  const isLarger = balance.kernelShare >= programs
  const isCause = balance.kernelShare >= MOST ? isLarger || !mayBeZram : balance.kernelShare >= LARGE && isLarger
  if (!isCause) return null
  const confidence = balance.kernelShare >= MOST ? 'high' : 'medium'
  return { class: 'kernel-memory', confidence, decided: { by: 'kernel-memory', part } }
}

function sharedMemory(balance: Balance): Cause | null {
  const part = balance.shmem
  if (!part || part.share < LARGE || part.share < (balance.ownShare ?? 0)) return null
  const confidence = part.share >= MOST ? 'high' : 'medium'
  return { class: 'shared-memory', confidence, decided: { by: 'shared-memory', part } }
}

function exhaustion(facts: IncidentFacts, main: ReportReading, shortage: Shortage, balance: Balance | null): Cause {
  const because = (confidence: Confidence): Cause => ({ class: 'exhaustion', confidence, decided: other })
  const freeShare = main.free && main.usable ? main.free.kib / main.usable.kib : 0
  if (shortage.isEveryZoneClosed === false && freeShare > PLENTY) {
    return main.swap === 'used-up' ? because('low') : unknown('low')
  }
  const isSwapOut = main.swap === 'used-up' || main.swap === 'absent' || main.swap === 'nearly-used-up'
  const isSomeZoneClosed =
    shortage.zones.length === 0 || shortage.zones.some((zone) => zone.isUnderMin || zone.isClosed)
  if (isSwapOut) return because(isSomeZoneClosed ? 'high' : 'medium')
  const swapLeft = shareOf(main.swapFree, main.swapTotal)
  const isSwapLow = swapLeft !== null && swapLeft < LOW_SWAP && shortage.zones.length > 0 && isSomeZoneClosed
  if (main.report.memory && (shortage.isEveryZoneClosed || isSwapLow)) return because('medium')
  if (balance && (balance.ownShare ?? 0) >= MOST) return because('low')
  if (main.report.memory && shortage.zones.length > 0) return unknown('low')
  return fromKillsAlone(facts.kills, main)
}

/** No memory figures: the machine-wide kill is certain, what ran out is judged by what was killed. */
function fromKillsAlone(kills: Kill[], main: ReportReading | null): Cause {
  const isGlobal = kills.some((kill) => kill.constraint === 'none')
  if (!isGlobal || kills.some((kill) => isImpossibleScore(kill, main))) return unknown('low')
  const sizes = kills.map((kill) => victimKib(kill, main)).filter((kib) => kib !== null)
  if (sizes.length === 0) return { class: 'exhaustion', confidence: 'low', decided: other }
  if (Math.max(...sizes) < SMALL_VICTIM_KIB) return unknown('low')
  return { class: 'exhaustion', confidence: 'medium', decided: other }
}

/** Resident (kill line) and swapped (task dump) memory of the victim; null when neither prints its size. */
export function victimKib(kill: Kill, main: ReportReading | null): Kib | null {
  if (kill.anonRssKib === null) return null
  const row = main?.report.tasks?.find((task) => task.pid === kill.pid)
  const swapKib = main && row?.swapPages ? pagesToKib(row.swapPages, main.pageSizeBytes) : 0
  return kill.anonRssKib + (kill.fileRssKib ?? 0) + (kill.shmemRssKib ?? 0) + swapKib
}

/** True when a kernel that scores in thousandths printed a score beyond any. */
export function isImpossibleScore(kill: Kill, main: ReportReading | null): boolean {
  if (kill.score === null || kill.score <= HIGHEST_SCORE) return false
  const hasAdjColumn = main?.report.tasks?.some((task) => task.oomScoreAdj !== null) ?? false
  return hasAdjColumn || kill.oomScoreAdj !== null
}

import type { Explanation, Finding, IncidentFacts } from '@/lib/incidents/incident'
import { message } from '@/lib/text/catalogue'
import type { Message } from '@/lib/text/message'

/** What the card beside the victims says about who held the memory. */
export interface Holder {
  /** A program that is named; else `answer` stands in its place. */
  isNamed: boolean
  answer: Message
  why: Message
  /** A process list taken next time would tell more. */
  isAskedFor: boolean
}

/** Statements that what held the memory was no program, most telling first. */
const NO_PROGRAM = [
  'slab-unreclaimable',
  'slab',
  'slab-reclaimable',
  'kernel-stack',
  'page-tables',
  'memory-unaccounted',
  'shmem',
  'hugepages',
  'cgroup-shmem',
  'cgroup-kernel',
  'cgroup-cache',
]

/** Who held it, as surely as the explanation says; what held it where no program did; or why nobody is asked for. */
export function describeHolder(facts: Pick<IncidentFacts, 'reports'>, explanation: Explanation): Holder {
  const { hog } = explanation
  if (hog && hog.grade !== 'suspected') {
    const whole = hog.shareOf === 'cgroup-limit' ? 'the limit' : 'RAM'
    const params = { share: hog.shareOf === null ? null : hog.share, whole }
    const isInTable = facts.reports.some(({ tasks }) => tasks?.some(({ comm }) => comm === hog.comm))
    const why =
      hog.grade === 'metrics'
        ? message('holder.by-samples', params)
        : isInTable
          ? message('holder.by-table', params)
          : message('holder.by-kill-line', params)
    return { isNamed: true, answer: message('holder.unknown', {}), why, isAskedFor: false }
  }
  if (hog) {
    const params = { comm: hog.comm, processes: hog.processes > 1 ? hog.processes : null }
    const why = hog.evidence.length > 0 ? message('holder.by-score', params) : message('holder.by-note', params)
    return { isNamed: false, answer: message('holder.unknown', {}), why, isAskedFor: true }
  }
  const held = heldByNoProgram(explanation)
  if (held) return { isNamed: false, answer: held.headline, why: message('holder.no-program', {}), isAskedFor: false }
  const { class: cause } = explanation
  if (cause === 'fragmentation' || cause === 'manual') {
    return {
      isNamed: false,
      answer: message('holder.not-asked', {}),
      why: message(`holder.${cause}`, {}),
      isAskedFor: false,
    }
  }
  if (explanation.findings.some(({ code }) => code === 'hog-none')) {
    return { isNamed: false, answer: message('holder.none', {}), why: message('holder.nobody', {}), isAskedFor: false }
  }
  const hasTable = facts.reports.some(({ tasks }) => tasks !== null)
  const why = hasTable ? message('holder.cut-table', {}) : message('holder.no-table', {})
  return { isNamed: false, answer: message('holder.unknown', {}), why, isAskedFor: true }
}

function heldByNoProgram({ class: cause, findings }: Explanation): Finding | null {
  const isAsked =
    cause === 'kernel-memory' || cause === 'shared-memory' || cause === 'hugepages' || cause === 'cgroup-limit'
  return (isAsked && findings.find(({ code }) => NO_PROGRAM.includes(code))) || null
}

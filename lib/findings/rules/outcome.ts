import { mergeLines } from '@/lib/findings/figure'
import { type FindingRule, finding } from '@/lib/findings/rule'
import type { LogEvent } from '@/lib/oom/report'
import { message } from '@/lib/text/catalogue'

const OOM_PANIC = /out of memory|deadlocked on memory|panic_on_oom|no killable process/i

/** A panic for want of memory. */
export function isOomPanic(event: LogEvent): boolean {
  return event.kind === 'panic' && OOM_PANIC.test(event.message)
}

/** The kernel gave up for want of memory. */
export const panic: FindingRule = {
  codes: ['panic'],
  tells: 'course',
  find(facts) {
    const event = facts.events.find(isOomPanic)
    if (!event) return null
    const isAlone = facts.kills.length + facts.reports.length === 0
    const headline = isAlone ? message('panic.alone', {}) : message('panic', {})
    return finding('panic', headline, message('panic.detail', { reason: event.message }), [event.lines])
  },
}

/** Lines that only a starting kernel prints stand right before it: there was hardly anything to kill yet. */
export const whileBooting: FindingRule = {
  codes: ['booting'],
  tells: 'course',
  find(facts) {
    const stage = facts.events.findLast(({ kind }) => kind === 'booting')
    const end = facts.events.find(isOomPanic)?.lines ?? facts.kills[0]?.lines ?? facts.reports[0]?.lines
    if (!stage || !end) return null
    const detail = message('booting.detail', { text: stage.message })
    const lines = mergeLines([stage.lines, { ...end, to: end.from }])
    return finding('booting', message('booting', {}), detail, lines)
  },
}

/** Another panic stands beside the report; it must not be read as its end. */
export const otherPanic: FindingRule = {
  codes: ['panic-not-oom'],
  tells: 'course',
  find(facts) {
    const event = facts.events.find((other) => other.kind === 'panic' && !isOomPanic(other))
    if (!event) return null
    const detail = message('panic-not-oom.detail', { reason: event.message })
    return finding('panic-not-oom', message('panic-not-oom', {}), detail, [event.lines])
  },
}

/** Nothing could be killed, and the kernel went on. */
export const noVictim: FindingRule = {
  codes: ['no-victim'],
  tells: 'course',
  find(facts) {
    const event = facts.events.find((other) => other.kind === 'oom-no-victim')
    if (!event || facts.events.some(isOomPanic)) return null
    return finding('no-victim', message('no-victim', {}), message('no-victim.detail', { reason: event.message }), [
      event.lines,
    ])
  },
}

/** Rate limits: the text is known to lack messages. */
export const suppressed: FindingRule = {
  codes: ['suppressed'],
  tells: 'gap',
  find(facts) {
    const events = facts.events.filter(({ kind }) => kind === 'suppressed')
    const [first] = events
    if (!first) return null
    const reason = first.message
    const lines = events.map((event) => event.lines)
    return finding('suppressed', message('suppressed', {}), message('suppressed.detail', { reason }), lines)
  },
}

import { isFailedAllocation } from '@/lib/findings/cause'
import { mergeLines } from '@/lib/findings/figure'
import { findForkStorm, isRestartLoop, timeOf } from '@/lib/findings/pattern'
import { type FindingRule, finding, firstLine, nameOf } from '@/lib/findings/rule'
import { isOomPanic } from '@/lib/findings/rules/outcome'
import { reportFinder } from '@/lib/incidents/identity'
import { message } from '@/lib/text/catalogue'

const NAMED = 6

/** Kills whose own reports are not in the text inherit nothing from the one that is. */
export const laterKills: FindingRule = {
  codes: ['later-kills'],
  tells: 'gap',
  find(facts) {
    const reportOf = reportFinder(facts.reports)
    const without = facts.kills.filter((kill) => kill.by === 'kernel' && reportOf(kill) === null)
    if (without.length === 0 || without.length === facts.kills.length) return null
    const names = without.slice(0, NAMED).map(nameOf).join(', ')
    const count = without.length
    const detail = message('later-kills.detail', { names, count })
    const lines = mergeLines(without.map((kill) => kill.lines))
    return finding('later-kills', message('later-kills', { count }), detail, lines)
  },
}

/** Several reports, some of them without a kill. */
export const severalReports: FindingRule = {
  codes: ['two-reports'],
  tells: 'gap',
  find(facts, { readings }) {
    const without = readings.filter(
      ({ kills, report }) => kills.length === 0 && report.trigger !== 'allocation-failure',
    )
    if (readings.length < 2 || without.length === 0 || facts.kills.length === 0) return null
    const detail = message('two-reports.detail', { without: without.length })
    const lines = mergeLines(readings.map(firstLine))
    return finding('two-reports', message('two-reports', { count: readings.length }), detail, lines)
  },
}

/** A report whose kill is not in the text. */
export const noKill: FindingRule = {
  codes: ['no-kill'],
  tells: 'victim',
  find(facts, { readings }) {
    const oom = readings.filter((reading) => !isFailedAllocation(facts, reading))
    const [first] = oom
    // A kernel that says it found nothing to kill has told what came of it.
    const isTold = facts.events.some((event) => event.kind === 'oom-no-victim' || isOomPanic(event))
    if (facts.kills.length > 0 || !first || isTold) return null
    const { invoker, order } = first.report
    const detail = message('no-kill.detail', { invoker: invoker.comm, order })
    const lines = mergeLines(oom.map(({ report }) => report.lines))
    return finding('no-kill', message('no-kill', {}), detail, lines)
  },
}

/** Many processes of one program. */
export const forkStorm: FindingRule = {
  codes: ['fork-storm'],
  tells: 'course',
  find(facts, { main, context }) {
    const storm = findForkStorm(facts, main, context)
    if (!storm) return null
    const { comm, processes, rssKib, listedAt } = storm
    const detail = message('fork-storm.detail', { rss: rssKib })
    const lines = mergeLines(storm.lines).slice(0, 5)
    return finding('fork-storm', message('fork-storm', { comm, processes }), detail, lines, {
      ...(listedAt !== null && { sampled: { from: listedAt, to: listedAt } }),
    })
  },
}

/** The same program killed again after each start. */
export const restartLoop: FindingRule = {
  codes: ['restart-loop'],
  tells: 'course',
  find(facts, { context }) {
    if (!isRestartLoop(facts.kills, context.samples ?? [])) return null
    const times = facts.kills.map(timeOf).filter((at) => at !== null)
    const steps = times
      .slice(1)
      .map((at, index) => at - (times[index] ?? at))
      .sort((a, b) => a - b)
    const every = steps[Math.floor(steps.length / 2)] ?? null
    const comm = facts.kills[0]?.comm ?? 'It'
    const lines = mergeLines(facts.kills.map((kill) => kill.lines))
    const headline = message('restart-loop', { times: facts.kills.length })
    return finding('restart-loop', headline, message('restart-loop.detail', { comm, every }), lines)
  },
}

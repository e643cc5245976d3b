import { type FindingRule, finding, firstLine } from '@/lib/findings/rule'
import { message } from '@/lib/text/catalogue'
import { KILLER_NAMES } from '@/lib/text/killers'

/** SysRq-f, or the same through /proc/sysrq-trigger. */
export const manual: FindingRule = {
  codes: ['manual-sysrq'],
  tells: 'cause',
  find(facts, incident) {
    if (incident.cause.class !== 'manual') return null
    const lines = incident.readings.filter(({ report }) => report.isManual).map(firstLine)
    const kills = facts.kills.map((kill) => kill.lines)
    return finding('manual-sysrq', message('manual-sysrq', {}), message('manual-sysrq.detail', {}), [
      ...lines,
      ...kills,
    ])
  },
}

/** A daemon killed on its thresholds. */
export const userspaceKiller: FindingRule = {
  codes: ['userspace-killer'],
  tells: 'cause',
  find(facts) {
    const kills = facts.kills.filter((kill) => kill.by !== 'kernel')
    const [first] = kills
    if (!first) return null
    const lines = kills.map((kill) => kill.lines)
    const headline = message('userspace-killer', { killer: KILLER_NAMES[first.by] })
    const isGroup = first.pid === null && first.cgroup !== null
    const detail = isGroup
      ? message('userspace-killer.cgroup', { cgroup: first.cgroup })
      : message('userspace-killer.process', { comm: first.comm ?? 'a process', pid: first.pid })
    return finding('userspace-killer', headline, detail, lines)
  },
}

/** The reason a userspace killer printed, in its own words. */
export const pressure: FindingRule = {
  codes: ['pressure'],
  tells: 'cause',
  find(facts) {
    const told = facts.kills.find((kill) => kill.by !== 'kernel' && kill.reason !== null)
    if (!told) return null
    return finding('pressure', message('pressure', {}), message('pressure.detail', { reason: told.reason }), [
      told.lines,
    ])
  },
}

/** Pods that the kubelet ended for want of memory. */
export const eviction: FindingRule = {
  codes: ['eviction'],
  tells: 'cause',
  find(facts) {
    const event = facts.events.find(({ kind }) => kind === 'eviction')
    if (!event) return null
    return finding('eviction', message('eviction', {}), message('eviction.detail', { reason: event.message }), [
      event.lines,
    ])
  },
}

/** The JVM, Node, Go, PHP … gave up at a limit of their own; the kernel killed nothing. */
export const runtimeLimit: FindingRule = {
  codes: ['runtime-limit'],
  tells: 'cause',
  find(facts) {
    const events = facts.events.filter(({ kind }) => kind === 'runtime-oom')
    const [first] = events
    if (!first) return null
    const detail = message('runtime-limit.detail', { reason: first.message })
    return finding(
      'runtime-limit',
      message('runtime-limit', {}),
      detail,
      events.map((event) => event.lines),
    )
  },
}

/** A daemon's warning before it, or the kernel, killed. */
export const lowMemory: FindingRule = {
  codes: ['low-memory'],
  tells: 'course',
  find(facts) {
    const event = facts.events.find(({ kind }) => kind === 'low-memory')
    if (!event) return null
    const killer = typeof event.detail.by === 'string' ? event.detail.by : 'A daemon'
    const detail = message('low-memory.detail', { reason: event.message })
    return finding('low-memory', message('low-memory', { killer }), detail, [event.lines])
  },
}

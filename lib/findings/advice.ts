import { daemonFor, limitProperty, protectCommand, quoted, raiseCommand, unitOf } from '@/lib/findings/advice-commands'
import { type Doc, docOf, SETTINGS_DOC } from '@/lib/findings/advice-docs'
import type { ExplainContext } from '@/lib/findings/context'
import { limitHit } from '@/lib/findings/limit-hit'
import { findObsoleteAdvice } from '@/lib/findings/notes'
import { detectPlatform, isAtLeast, isOlderThan, type Platform } from '@/lib/findings/platform'
import type { Explanation, Finding, IncidentFacts } from '@/lib/incidents/incident'
import type { Kill } from '@/lib/oom/report'
import { message, type ParamsOf } from '@/lib/text/catalogue'
import type { Message } from '@/lib/text/message'
import type { Kib } from '@/lib/units'

/** One step a person can take. Nothing is run for them. */
export interface Advice {
  code: string
  title: Message
  why: Message
  /** To copy; null when there is nothing to type. Upper-case words stand for what only the reader knows. */
  command: string | null
  effect: Message
  risk: Message
  undo: Message
  doc: Doc | null
  /** Warns of a step that somebody else advised. */
  isWarning: boolean
}

export type AdviceCode =
  | 'record-holders'
  | 'keep-kernel-log'
  | 'dump-tasks'
  | 'cap-program'
  | 'find-growth'
  | 'limit-processes'
  | 'protect-service'
  | 'add-swap'
  | 'act-earlier'
  | 'raise-limit'
  | 'group-kill'
  | 'look-at-slab'
  | 'count-threads'
  | 'look-at-page-tables'
  | 'find-unaccounted'
  | 'empty-tmpfs'
  | 'fewer-hugepages'
  | 'keep-more-free'
  | 'widen-nodes'
  | 'use-64-bit'
  | 'spare-low-memory'
  | 'less-movable'
  | 'spare-from-oomd'
  | 'spare-from-earlyoom'
  | 'who-pressed'
  | 'fit-runtime'

const MOST_STEPS = 5
const TMPFS = 'df -h -t tmpfs; ipcs -m; du -xsh /dev/shm /run /tmp'
const PAGE_TABLES = `awk '/^Name/{n=$2} /^VmPTE/{print $2, n}' /proc/[0-9]*/status | sort -rn | head -20`

/** Steps for this cause on this kernel, cgroup version and distribution, most useful first; warnings come last. */
export function adviseOn(facts: IncidentFacts, explanation: Explanation, context: ExplainContext): Advice[] {
  const platform = detectPlatform(facts, context.kernel ?? null)
  const has = (...codes: string[]) => explanation.findings.some(({ code }) => codes.includes(code))
  const missing = onMissingFacts(explanation, platform, has)
  const holder = onHolder(facts, explanation, platform, has)
  // Without a proven holder, what is not known comes before what to do about a suspicion.
  const isProven = explanation.hog !== null && explanation.hog.grade !== 'suspected'
  const steps: Step[] = [
    ...onCause(facts, explanation, platform, has),
    ...(isProven ? [...holder, ...missing] : [...missing, ...holder]),
  ]
  const known = steps.slice(0, MOST_STEPS).map((step) => ({ ...step, doc: docOf(step.code, step.command, platform) }))
  return [...known, ...warnings(facts, context, platform)]
}

/** A step before its documentation is looked up. */
interface Step extends Omit<Advice, 'doc'> {
  code: AdviceCode
}

type Has = (...codes: string[]) => boolean

function onCause(facts: IncidentFacts, explanation: Explanation, platform: Platform, has: Has): Step[] {
  switch (explanation.class) {
    case 'cgroup-limit':
      return onLimit(facts, explanation, platform, has)
    case 'kernel-memory':
      return [
        ...(has('slab', 'slab-unreclaimable', 'slab-reclaimable')
          ? [step('look-at-slab', {}, 'slabtop -o -s c | head -20')]
          : []),
        ...(has('kernel-stack') ? [step('count-threads', {}, 'ps -eo nlwp,pid,comm --sort=-nlwp | head -20')] : []),
        ...(has('page-tables') ? [step('look-at-page-tables', {}, PAGE_TABLES)] : []),
        ...(has('memory-unaccounted') ? [unaccounted()] : []),
      ]
    case 'shared-memory':
      return [step('empty-tmpfs', {}, TMPFS)]
    case 'hugepages':
      return [fewerHugepages(explanation.findings)]
    case 'fragmentation':
      return [step('keep-more-free', {}, 'sysctl vm.min_free_kbytes\nsysctl -w vm.min_free_kbytes=KIB')]
    case 'zone':
      return has('zone-out')
        ? [onZone(facts, explanation.findings)]
        : [step('widen-nodes', {}, 'grep Mems_allowed_list /proc/PID/status; numactl --hardware')]
    case 'pressure-kill':
      return onUserspaceKiller(facts.kills)
    case 'manual':
      return [step('who-pressed', {}, 'sysctl kernel.sysrq; last -n 20')]
    case 'runtime-limit':
      return [step('fit-runtime', {}, null)]
    default:
      return []
  }
}

function onZone(facts: IncidentFacts, findings: Finding[]): Step {
  const zones = facts.reports.flatMap(({ memory }) => memory?.zones ?? [])
  if (zones.some(({ name, freeKib }) => name === 'HighMem' && freeKib > 0)) return step('use-64-bit', {}, 'uname -m')
  const zone = findings.find(({ code }) => code === 'zone-out')?.detail?.params.zone ?? null
  return typeof zone === 'string' && zone.startsWith('DMA')
    ? step('spare-low-memory', { zone }, 'dmesg | grep -iE "dma|swiotlb|coherent"; lspci -k')
    : step('less-movable', {}, 'cat /proc/cmdline; lsmem')
}

function onLimit(facts: IncidentFacts, explanation: Explanation, platform: Platform, has: Has): Step[] {
  const kill = facts.kills[0]
  const report = facts.reports.find(({ memcg }) => memcg !== null)
  const path = report?.memcg?.limitPath ?? kill?.limitCgroup ?? null
  const hit = report?.memcg ? limitHit(report.memcg) : null
  const limit = hit?.counter.limitKib ?? null
  const command = raiseCommand(path, platform, hit)
  const raise =
    limit === null
      ? step('raise-limit', {}, command, message('advice.raise-limit.why-unknown', {}))
      : step('raise-limit', { limit }, command)
  const hasGroupKill = platform.cgroupVersion === 2 && isAtLeast(platform, [4, 19, 0]) && !has('group-kill')
  const isPartial = facts.kills.length > 1 || explanation.pattern === 'restart-loop'
  const groupKill = 'echo 1 > /sys/fs/cgroup/GROUP/memory.oom.group'
  return [
    ...(has('cgroup-shmem') ? [step('empty-tmpfs', {}, TMPFS)] : []),
    raise,
    ...(hasGroupKill && isPartial ? [step('group-kill', {}, groupKill)] : []),
  ]
}

function onUserspaceKiller(kills: Kill[]): Step[] {
  const by = kills[0]?.by
  if (by === 'systemd-oomd') {
    // A scope or slice is made anew each time; only a service keeps the setting.
    const name = unitOf(kills[0]?.cgroup ?? null)
    const unit = name?.endsWith('.service') ? name : 'UNIT'
    return [step('spare-from-oomd', {}, `systemctl set-property ${unit} ManagedOOMPreference=avoid`)]
  }
  return by === 'earlyoom' ? [step('spare-from-earlyoom', {}, "earlyoom --avoid '^(sshd|NAME)$'")] : []
}

function onHolder(facts: IncidentFacts, explanation: Explanation, platform: Platform, has: Has): Step[] {
  const { hog } = explanation
  const steps: Step[] = []
  const isMachine = explanation.class === 'exhaustion'
  const isSuspected = hog?.grade === 'suspected'
  if (hog && explanation.pattern === 'fork-storm' && !isSuspected) {
    const isUnit = platform.hasSystemd || isAtLeast(platform, [3, 10, 0])
    const unit = facts.kills.filter(({ comm }) => comm === hog.comm).map(({ cgroup }) => unitOf(cgroup))
    const command = isUnit
      ? `systemctl set-property ${unit.find((name) => name !== null) ?? 'UNIT'} TasksMax=NUMBER`
      : null
    steps.push(step('limit-processes', { comm: hog.comm }, command))
  }
  if (hog && isMachine && !isSuspected) {
    const unit = facts.kills.map((kill) => unitOf(kill.cgroup)).find((name) => name !== null) ?? 'UNIT'
    const command =
      platform.hasSystemd || isAtLeast(platform, [3, 10, 0])
        ? `systemctl set-property ${hog.comm === facts.kills[0]?.comm ? unit : 'UNIT'} ${limitProperty(platform)}=SIZE`
        : null
    steps.push(step('cap-program', { comm: hog.comm }, command))
  }
  if (hog && explanation.class !== 'pressure-kill') {
    const command = `ps -o pid,ppid,lstart,rss,args --sort=-rss -C ${quoted(hog.comm)}`
    const why = isSuspected ? message('advice.find-growth.why-suspected', {}) : undefined
    steps.push(step('find-growth', { comm: hog.comm }, command, why))
  }
  if (isMachine && has('no-swap')) {
    const size = 'fallocate -l 2G /swapfile && chmod 600 /swapfile && mkswap /swapfile && swapon /swapfile'
    steps.push(step('add-swap', {}, size))
  }
  if (isMachine && has('victim-not-hog')) {
    steps.push(step('protect-service', { victim: facts.kills[0]?.comm ?? null }, protectCommand(platform)))
  }
  if (isMachine && has('thrashing') && !isOlderThan(platform, [3, 10, 0]) && platform.release !== null) {
    const { daemon, command } = daemonFor(platform)
    steps.push(step('act-earlier', { daemon }, command))
  }
  return steps
}

function onMissingFacts(explanation: Explanation, platform: Platform, has: Has): Step[] {
  const steps: Step[] = []
  if (has('hog-unknown') || explanation.hog?.grade === 'suspected') {
    const line = '* * * * * root ps axo pid,ppid,rss,comm --sort=-rss | head -20 | logger -t topmem'
    steps.push(step('record-holders', {}, `echo '${line}' > /etc/cron.d/topmem`))
    const canDump =
      isAtLeast(platform, [2, 6, 25]) && !explanation.findings.some(({ code }) => code === 'table-filtered')
    if (canDump) steps.push(step('dump-tasks', {}, 'sysctl -w vm.oom_dump_tasks=1'))
  }
  if (has('no-report', 'later-kills', 'table-filtered', 'no-kill')) {
    const isJournal = platform.hasSystemd || isAtLeast(platform, [3, 10, 0])
    const command = isJournal ? 'journalctl -k -b > kernel.log' : 'dmesg > kernel.log'
    steps.push(step('keep-kernel-log', {}, command))
  }
  return steps
}

function unaccounted(): Step {
  const command = 'grep -E "Vmalloc|Percpu|Zswap|HardwareCorrupted" /proc/meminfo; dmesg | grep -i balloon; zramctl'
  return step('find-unaccounted', {}, command)
}

function fewerHugepages(findings: Finding[]): Step {
  const told = findings.find(({ code }) => code === 'hugepages')?.detail?.params.unused
  const unused: Kib | null = typeof told === 'number' ? told : null
  return step('fewer-hugepages', { unused }, 'grep Huge /proc/meminfo\nsysctl -w vm.nr_hugepages=NUMBER')
}

function warnings(facts: IncidentFacts, context: ExplainContext, platform: Platform): Advice[] {
  const events = facts.events.filter(({ kind }) => kind === 'obsolete-advice').map((event) => event.message)
  const texts = [...events, ...(context.notes ?? []).map((note) => note.text)]
  const found = new Map(texts.flatMap(findObsoleteAdvice).map((advice) => [advice.knob, advice]))
  return [...found.values()].map(({ knob, text }) => ({
    code: 'leave-out',
    title: message('advice.leave-out', { text }),
    why: message(`obsolete-advice.${knob}`, {}),
    command: null,
    effect: message('advice.leave-out.effect', {}),
    risk: message('advice.leave-out.risk', {}),
    undo: message('advice.leave-out.undo', { instead: protectCommand(platform) }),
    doc: SETTINGS_DOC,
    isWarning: true,
  }))
}

/** The messages of one code; `params` fill whichever of its sentences have slots. */
function step(
  code: AdviceCode,
  params: Record<string, string | number | null>,
  command: string | null,
  why?: Message,
): Step {
  // Every code's sentences take the same few slots; a test says each of them with the params given above.
  const say = (key: `advice.${AdviceCode}` | `advice.${AdviceCode}.${'why' | 'effect' | 'risk' | 'undo'}`) =>
    message(key, params as ParamsOf<typeof key>)
  return {
    code,
    title: say(`advice.${code}`),
    why: why ?? say(`advice.${code}.why`),
    command,
    effect: say(`advice.${code}.effect`),
    risk: say(`advice.${code}.risk`),
    undo: say(`advice.${code}.undo`),
    isWarning: false,
  }
}

import type { ExplainContext } from '@/lib/findings/context'
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
  /** Warns of a step that somebody else advised. */
  isWarning: boolean
}

type Code =
  | 'record-holders'
  | 'keep-kernel-log'
  | 'dump-tasks'
  | 'cap-program'
  | 'find-growth'
  | 'protect-service'
  | 'add-swap'
  | 'act-earlier'
  | 'raise-limit'
  | 'group-kill'
  | 'look-at-slab'
  | 'find-unaccounted'
  | 'empty-tmpfs'
  | 'fewer-hugepages'
  | 'keep-more-free'
  | 'widen-nodes'
  | 'use-64-bit'
  | 'spare-from-oomd'
  | 'spare-from-earlyoom'
  | 'who-pressed'
  | 'fit-runtime'

const MOST_STEPS = 5

/** Steps for this cause on this kernel, cgroup version and distribution, most useful first; warnings come last. */
export function adviseOn(facts: IncidentFacts, explanation: Explanation, context: ExplainContext): Advice[] {
  const platform = detectPlatform(facts, context.kernel ?? null)
  const has = (...codes: string[]) => explanation.findings.some(({ code }) => codes.includes(code))
  const missing = onMissingFacts(explanation, platform, has)
  const holder = onHolder(facts, explanation, platform, has)
  // Without a proven holder, what is not known comes before what to do about a suspicion.
  const isProven = explanation.hog !== null && explanation.hog.grade !== 'suspected'
  const steps = [
    ...onCause(facts, explanation, platform, has),
    ...(isProven ? [...holder, ...missing] : [...missing, ...holder]),
  ]
  return [...steps.slice(0, MOST_STEPS), ...warnings(facts, context, platform)]
}

type Has = (...codes: string[]) => boolean

function onCause(facts: IncidentFacts, explanation: Explanation, platform: Platform, has: Has): Advice[] {
  switch (explanation.class) {
    case 'cgroup-limit':
      return onLimit(facts, explanation, platform)
    case 'kernel-memory':
      return [
        ...(has('slab', 'slab-unreclaimable', 'slab-reclaimable')
          ? [step('look-at-slab', {}, 'slabtop -o -s c | head -20')]
          : []),
        ...(has('memory-unaccounted') ? [unaccounted()] : []),
      ]
    case 'shared-memory':
      return [step('empty-tmpfs', {}, 'df -h -t tmpfs; ipcs -m; du -xsh /dev/shm /run /tmp')]
    case 'hugepages':
      return [fewerHugepages(explanation.findings)]
    case 'fragmentation':
      return [step('keep-more-free', {}, 'sysctl vm.min_free_kbytes\nsysctl -w vm.min_free_kbytes=KIB')]
    case 'zone':
      return has('zone-out')
        ? [step('use-64-bit', {}, 'uname -m')]
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

function onLimit(facts: IncidentFacts, explanation: Explanation, platform: Platform): Advice[] {
  const kill = facts.kills[0]
  const memcg = facts.reports.find((report) => report.memcg !== null)?.memcg
  const path = memcg?.limitPath ?? kill?.limitCgroup ?? null
  const limit = memcg?.memory?.limitKib ?? null
  const raise =
    limit === null
      ? step('raise-limit', {}, raiseCommand(path, platform), message('advice.raise-limit.why-unknown', {}))
      : step('raise-limit', { limit }, raiseCommand(path, platform))
  const hasGroupKill = platform.cgroupVersion === 2 && isAtLeast(platform, [4, 19, 0])
  const isPartial = facts.kills.length > 1 || explanation.pattern === 'restart-loop'
  const groupKill = 'echo 1 > /sys/fs/cgroup/GROUP/memory.oom.group'
  return [raise, ...(hasGroupKill && isPartial ? [step('group-kill', {}, groupKill)] : [])]
}

function raiseCommand(path: string | null, platform: Platform): string {
  if (path?.includes('kubepods')) return 'kubectl set resources deployment/NAME --limits=memory=SIZE'
  const container = /(?:docker|containerd|libpod)[-/]([0-9a-f]{12})[0-9a-f]*/.exec(path ?? '')?.[1]
  if (container !== undefined) return `docker update --memory SIZE --memory-swap SIZE ${container}`
  const unit = unitOf(path)
  if (unit !== null) return `systemctl set-property ${unit} ${limitProperty(platform)}=SIZE`
  return platform.cgroupVersion === 1
    ? 'echo BYTES > /sys/fs/cgroup/memory/GROUP/memory.limit_in_bytes'
    : 'echo BYTES > /sys/fs/cgroup/GROUP/memory.max'
}

function onUserspaceKiller(kills: Kill[]): Advice[] {
  const by = kills[0]?.by
  if (by === 'systemd-oomd') {
    // A scope or slice is made anew each time; only a service keeps the setting.
    const name = unitOf(kills[0]?.cgroup ?? null)
    const unit = name?.endsWith('.service') ? name : 'UNIT'
    return [step('spare-from-oomd', {}, `systemctl set-property ${unit} ManagedOOMPreference=avoid`)]
  }
  return by === 'earlyoom' ? [step('spare-from-earlyoom', {}, "earlyoom --avoid '^(sshd|NAME)$'")] : []
}

function onHolder(facts: IncidentFacts, explanation: Explanation, platform: Platform, has: Has): Advice[] {
  const { hog } = explanation
  const steps: Advice[] = []
  const isMachine = explanation.class === 'exhaustion'
  const isSuspected = hog?.grade === 'suspected'
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
    const hasPressure = isAtLeast(platform, [4, 20, 0])
    const daemon = hasPressure ? 'systemd-oomd' : 'earlyoom'
    steps.push(step('act-earlier', { daemon }, `systemctl enable --now ${daemon}`))
  }
  return steps
}

/** `oom_adj` until 2.6.35, `oom_score_adj` since; both are told when the kernel is not known. */
function protectCommand(platform: Platform): string {
  if (platform.hasSystemd) return 'systemctl edit UNIT   # [Service] OOMScoreAdjust=-500'
  if (isOlderThan(platform, [2, 6, 36])) return 'echo -10 > /proc/PID/oom_adj'
  if (isAtLeast(platform, [2, 6, 36])) return 'echo -500 > /proc/PID/oom_score_adj'
  return 'echo -500 > /proc/PID/oom_score_adj   # before 2.6.36: echo -10 > /proc/PID/oom_adj'
}

function onMissingFacts(explanation: Explanation, platform: Platform, has: Has): Advice[] {
  const steps: Advice[] = []
  if (has('hog-unknown')) {
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

function unaccounted(): Advice {
  const command = 'grep -E "Vmalloc|Percpu|Zswap|HardwareCorrupted" /proc/meminfo; dmesg | grep -i balloon; zramctl'
  return step('find-unaccounted', {}, command)
}

function fewerHugepages(findings: Finding[]): Advice {
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
    isWarning: true,
  }))
}

function limitProperty(platform: Platform): string {
  return platform.cgroupVersion === 1 ? 'MemoryLimit' : 'MemoryMax'
}

/** The systemd unit a path ends in; null for anything that could not be typed safely. */
function unitOf(path: string | null): string | null {
  const name = (path ?? '').split('/').findLast((part) => /\.(service|slice)$/.test(part))
  return name !== undefined && /^[\w@.:-]+$/.test(name) ? name : null
}

/** A process name comes from a log: it is quoted, or left to the reader. */
function quoted(comm: string): string {
  return /^[\w.+-]+$/.test(comm) ? comm : 'NAME'
}

/** The messages of one code; `params` fill whichever of its sentences have slots. */
function step(
  code: Code,
  params: Record<string, string | number | null>,
  command: string | null,
  why?: Message,
): Advice {
  // Every code's sentences take the same few slots; a test says each of them with the params given above.
  const say = (key: `advice.${Code}` | `advice.${Code}.${'why' | 'effect' | 'risk' | 'undo'}`) =>
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

import { gapMs } from '@/lib/logs/dating'
import type { Facts, KillRecord } from '@/lib/oom/facts'
import { readBodyLine } from '@/lib/oom/kernel/body'
import { isBootStage } from '@/lib/oom/kernel/boot-stage'
import { closeDraft, type Draft, extendDraft, isFarFrom, mayEndWith, openDraft, readTask } from '@/lib/oom/kernel/draft'
import { factsOfKill } from '@/lib/oom/kernel/kill-facts'
import { type Choice, type KilledLine, readChoice, readExited, readKilled } from '@/lib/oom/kernel/kill-line'
import { hasMemoryFacts, isFirstPerCpu, isMemInfoHeader } from '@/lib/oom/kernel/mem-info'
import { readAllocationFailure, readTaskLine, readTrigger, type TaskLine, type Trigger } from '@/lib/oom/kernel/trigger'
import { type Claim, type Entry, isKernelVoice, type OomReader, type OomSource } from '@/lib/oom/source'

/** Writers (host, boot, task) with an open report that are remembered at once; a log with more is hostile. */
const MAX_STREAMS = 256
/** Two lines about one pid within this time are one kill told twice. */
const SAME_KILL_MS = 60_000
/** A machine that thrashes may take long to free a victim's memory. */
const REAPED_MS = 3_600_000
/** Lines of two CPUs are mixed within this time. */
const MIXED_MS = 1_000
/** The kernel kills right after its choice; a serial console may take long to print both. */
const CARRIED_OUT_MS = 60_000
const CARRIED_OUT_LINES = 20
/** Trouble this near to a line of the boot is trouble while booting. */
const STAGE_LINES = 30
const STAGE_MS = 60_000
/** Lines behind the last one of an open report that still count as standing beside it. */
const BESIDE_LINES = 100

// "oom_reaper: reaped process 4358 (bash), now anon-rss:0kB, file-rss:0kB, shmem-rss:0kB"
const REAPED = /^oom_reaper: reaped process (\d{1,10}) \((.{0,64})\),? now anon-rss/
const UNREAPED = /^oom_reaper: unable to reap pid:(\d{1,10})/
const GROUP = /^Tasks in (.+) are going to be killed due to memory\.oom\.group set/
// "Memory cgroup out of memory: OOM victim 4711 (x) is already exiting. Skip killing the task"
const EXITING = /^(?:Out of memory|Memory cgroup out of memory): OOM victim \d{1,10} \(.{0,64}\) is already exiting/
const ALLOCATING_TASK = /^\s*Out of memory \(oom_kill_allocating_task\):/
const NO_VICTIM = /^Out of memory and no killable processes/
const PANIC = /^Kernel panic(?: - not syncing)?: ?(.*)$/
const MEMORY_PANIC = /out of memory|deadlocked on memory|panic_on_oom/i
const PANIC_ON_OOM = /^out of memory\. panic_on_oom is selected|^System is deadlocked on memory/
const SUPPRESSED =
  /^(?:pagefault_out_of_memory|__ratelimit|printk|oom_kill_process|dump_header|warn_alloc(?:_failed)?): ?\d{1,10} (?:callbacks|messages) suppressed/
const ASIDES =
  /^(?:Huh VM_FAULT_OOM leaked|Purging GPU memory|OOM killer (?:disabled|enabled)\.|out_of_memory: Current|oom killer \d+ \(.*\) has mm pinned|COMPACTION is disabled|[Kk]ill process \d+ \(.*\) sharing same memory|OOM (?:killer in rage|selected worst BC)|oom-killer in ub |---\[ end Kernel panic)/
const OOM_TRACE =
  /\b(?:out_of_memory|pagefault_out_of_memory|oom_kill_process|mem_cgroup_oom_\w{1,20}|dump_header|moom_callback)\b/

// "SLUB: Unable to allocate memory on node -1, gfp=0x20(GFP_ATOMIC)"
const SLAB_FAILURE =
  /^SLUB: Unable to allocate memory on (?:CPU \d{1,5} \(of )?node -?\d{1,5}\D{0,4}gfp=(0x[\da-f]{1,16})/

// "SysRq : Show Memory" (until 4.20), "sysrq: Show Memory"
const SHOW_MEMORY = /\bsysrq ?: (?:SysRq : )?Show Memory/i
/** Lines from that one to the figures it asked for. */
const ASKED_LINES = 5

interface Stream {
  draft: Draft | null
  /** The kernel's choices, oldest first, until the lines that say whom it killed: those of two CPUs may be mixed. */
  choices: { choice: Choice; entry: Entry }[]
  /** A CPU line outside a report; with the OOM killer in its trace, the trigger of the report that follows is lost. */
  task: { line: number; told: TaskLine } | null
  isOomTrace: boolean
  /** The line by which somebody asked for the figures of memory. */
  asked: Entry | null
  /** The last line that only a starting kernel prints. */
  stage: Entry | null
}

export const kernel: OomSource = {
  name: 'kernel',
  sample: 'Out of memory: Killed process 4711 (java) total-vm:8000kB, anon-rss:4000kB, file-rss:0kB, shmem-rss:0kB',
  open: openKernel,
}

function openKernel(facts: Facts): OomReader {
  const streams = new Map<string, Stream>()
  /** The last kill of each host and pid. */
  const lastKills = new Map<string, KillRecord>()
  const orphans = new Map<string, { pid: number; comm: string; entry: Entry }[]>()

  function streamOf(key: string): Stream {
    let stream = streams.get(key)
    if (stream) {
      // Least recently used first, so that the oldest goes when there are too many.
      streams.delete(key)
    } else {
      stream = { draft: null, choices: [], task: null, isOomTrace: false, asked: null, stage: null }
      const oldest = streams.size >= MAX_STREAMS ? streams.entries().next().value : undefined
      if (oldest) {
        settle(oldest[1])
        streams.delete(oldest[0])
      }
    }
    streams.set(key, stream)
    return stream
  }

  /** Ends what is open: a choice without its kill line is the kill, a report is as complete as it gets. */
  function settle(stream: Stream): void {
    settleChoices(stream)
    if (stream.draft) {
      settleSelection(stream.draft)
      const report = closeDraft(stream.draft)
      // A failed allocation without its Mem-Info block is an event and nothing more.
      const isWorthTelling = report.trigger !== 'allocation-failure' || report.memory !== null
      if (isWorthTelling && !stream.draft.isRepeat && !isOnlyAsked(stream.draft)) facts.reports.push(report)
    }
    stream.draft = null
  }

  function settleChoices(stream: Stream): void {
    for (const { choice, entry } of stream.choices.splice(0)) {
      recordKill(stream, entry, {
        ...NOTHING_KILLED,
        pid: choice.pid,
        comm: choice.comm,
        score: choice.score,
        constraint: choice.constraint,
      })
    }
  }

  /** The choice that a kill line carries out: its own, or that of the task in whose place its child dies. */
  function takeChoice(stream: Stream, entry: Entry, pid: number | null): Stream['choices'][number] | null {
    const own = stream.choices.findIndex(({ choice }) => choice.pid === pid)
    if (own >= 0) return stream.choices.splice(own, 1)[0] ?? null
    const last = stream.choices.at(-1)
    if (last && isLaterThan(last.entry, entry, CARRIED_OUT_MS, CARRIED_OUT_LINES)) settleChoices(stream)
    return stream.choices.pop() ?? null
  }

  /** `oom-kill:` names the victim; where the kill line is lost, it is all there is. */
  function settleSelection(draft: Draft): void {
    const { oomKill, oomKillEntry } = draft
    if (!oomKill || !oomKillEntry || oomKill.pid === null || draft.kills.length > 0 || draft.isEnded) return
    const killed = { ...NOTHING_KILLED, pid: oomKill.pid, comm: oomKill.comm, uid: oomKill.uid }
    draft.kills.push(addKill(oomKillEntry, draft, killed))
  }

  function addKill(entry: Entry, draft: Draft | null, killed: KilledLine, choice: Entry | null = null): KillRecord {
    const record = facts.addKill(entry, 'kernel', {
      ...factsOfKill(killed, draft),
      ...(ALLOCATING_TASK.test((choice ?? entry).message) && { isAllocatingTask: true }),
      ...(choice && { choice: { source: facts.source, from: choice.from, to: choice.to } }),
    })
    record.report = draft?.report ?? null
    lastKills.set(processKey(entry, killed.pid), record)
    takeOrphans(record, entry)
    return record
  }

  /**
   * The same process told again: by a group kill, a second facility, a log that was pasted twice, or a later report that
   * chose it once more because it had not gone yet. A process dies once.
   */
  function findSame(entry: Entry, pid: number | null, comm: string | null, withinMs: number): KillRecord | null {
    const known = pid === null ? undefined : lastKills.get(processKey(entry, pid))
    if (!known) return null
    // A name that the end of a line cuts off is null.
    if (known.kill.comm !== comm && known.kill.comm !== null && comm !== null) return null
    const gap = gapMs(known.moment, entry.moment)
    return gap === null || Math.abs(gap) < withinMs ? known : null
  }

  /** The reaper, on another CPU, may be printed before the line of its kill; later its process id may be another's. */
  function takeOrphans(record: KillRecord, entry: Entry): void {
    const key = processKey(entry, record.kill.pid)
    const waiting = orphans.get(key)
    if (!waiting) return
    const isOfThis = (orphan: { comm: string; entry: Entry }) =>
      findSame(orphan.entry, record.kill.pid, orphan.comm, REAPED_MS) === record
    for (const orphan of waiting.filter(isOfThis)) addEcho(record, orphan.entry)
    const others = waiting.filter((orphan) => !isOfThis(orphan))
    if (others.length === 0) orphans.delete(key)
    else orphans.set(key, others)
  }

  function addEcho(record: KillRecord, entry: Entry): void {
    record.kill.echoes.push({ source: facts.source, from: entry.from, to: entry.to })
  }

  function recordKill(stream: Stream, entry: Entry, killed: KilledLine, choice: Entry | null = null): void {
    const open = stream.draft
    const draft = open && !isFarFrom(open, entry) && mayEndWith(open, killed) ? open : null
    const same = findSame(entry, killed.pid, killed.comm, SAME_KILL_MS)
    if (draft) extendDraft(draft, entry)
    if (same) {
      addEcho(same, entry)
      if (draft && draft.report !== same.report) {
        draft.isEnded = true
        draft.isRepeat = same.report !== null && gapMs(same.moment, entry.moment) === 0
      }
      return
    }
    const record = addKill(entry, draft, killed, choice)
    draft?.kills.push(record)
  }

  function readKill(stream: Stream, entry: Entry, text: string): Claim {
    const choice = readChoice(text)
    if (choice) {
      if (stream.choices.some((open) => open.choice.pid === choice.pid)) return 'recognised'
      const last = stream.choices.at(-1)
      if (last && isLaterThan(last.entry, entry, MIXED_MS, 1)) settleChoices(stream)
      stream.choices.push({ choice, entry })
      return 'recognised'
    }
    const read = readKilled(text)
    if (!read) return null
    // 2.4: the page fault of this task found no memory, as the failed allocation before it says.
    const isStarved = read.pid === null && stream.draft?.report.trigger === 'allocation-failure'
    const killed: KilledLine = isStarved ? { ...read, constraint: 'none' } : read
    const open = takeChoice(stream, entry, killed.pid)
    if (!open) {
      recordKill(stream, entry, killed)
      return 'recognised'
    }
    // The child of the chosen task may die in its place: one kill, of the process that "Killed process" names.
    const constraint = killed.constraint === 'unknown' ? open.choice.constraint : killed.constraint
    recordKill(stream, entry, { ...killed, score: killed.score ?? open.choice.score, constraint }, open.entry)
    return 'recognised'
  }

  function readReaper(entry: Entry, text: string): Claim {
    const reaped = REAPED.exec(text)
    const gone = reaped ? { pid: Number(reaped[1]), comm: reaped[2] ?? '' } : readExited(text)
    if (gone) {
      const { pid, comm } = gone
      const same = findSame(entry, pid, comm, REAPED_MS)
      if (same) addEcho(same, entry)
      else {
        const key = processKey(entry, pid)
        orphans.set(key, [...(orphans.get(key) ?? []), { pid, comm, entry }])
      }
      return 'recognised'
    }
    const unreaped = UNREAPED.exec(text)
    if (!unreaped) return null
    facts.addEvent(entry, 'oom-reaper', 'sign', { pid: Number(unreaped[1]) })
    return 'recognised'
  }

  /** The machine was still starting: told once, by the line nearest to the trouble. */
  function tellStage(stream: Stream, entry: Entry): void {
    const { stage } = stream
    stream.stage = null
    if (!stage || entry.from - stage.to > STAGE_LINES) return
    const gap = gapMs(stage.moment, entry.moment)
    if (gap === null || Math.abs(gap) <= STAGE_MS) facts.addEvent(stage, 'booting', 'info')
  }

  function readEnd(stream: Stream, entry: Entry, text: string): Claim {
    const panic = PANIC.exec(text)
    if (panic || PANIC_ON_OOM.test(text)) {
      const isMemory = MEMORY_PANIC.test(text)
      tellStage(stream, entry)
      facts.addEvent(entry, 'panic', 'critical', { isMemory: isMemory ? 1 : 0 })
      if (isMemory && stream.draft && !isFarFrom(stream.draft, entry)) {
        settleChoices(stream)
        stream.draft.report.isPanic = true
        extendDraft(stream.draft, entry)
        settle(stream)
      }
      return 'recognised'
    }
    if (!NO_VICTIM.test(text)) return null
    facts.addEvent(entry, 'oom-no-victim', 'critical')
    if (stream.draft && !isFarFrom(stream.draft, entry)) extendDraft(stream.draft, entry)
    return 'recognised'
  }

  function start(stream: Stream, entry: Entry, trigger: Trigger): void {
    settle(stream)
    tellStage(stream, entry)
    const draft = openDraft(entry, facts.source, trigger)
    stream.task = null
    stream.draft = draft
  }

  /** The members of a group follow their first victim. Linux mm/memcontrol.c, mem_cgroup_print_oom_group(). */
  function readGroup(stream: Stream, entry: Entry, text: string): Claim {
    if (!GROUP.test(text)) return null
    if (stream.draft && !isFarFrom(stream.draft, entry)) {
      stream.draft.isGroupKill = true
      stream.draft.report.groupKillLine = entry.from
      extendDraft(stream.draft, entry)
    }
    return 'recognised'
  }

  /** The victim was dying already (6.x): the report ends without a kill. */
  function readExiting(stream: Stream, entry: Entry, text: string): Claim {
    if (!EXITING.test(text)) return null
    if (stream.draft && !isFarFrom(stream.draft, entry)) {
      stream.draft.isEnded = true
      extendDraft(stream.draft, entry)
    }
    return 'recognised'
  }

  /** Reads a line of the block between trigger and kill; opens a report when its head is missing. */
  function readBody(stream: Stream, entry: Entry, text: string): Claim {
    let draft = stream.draft
    if (draft && (isFarFrom(draft, entry) || draft.kills.length > 0 || draft.isEnded)) draft = null
    const isNewBlock =
      draft !== null &&
      ((isMemInfoHeader(text) && hasMemoryFacts(draft.memory)) ||
        (isFirstPerCpu(text) && draft.memory.zones.length > 0))
    if (isNewBlock) draft = null
    const target = draft ?? openDraft(entry, facts.source, null)
    if (!readBodyLine(target, entry, text)) return null
    if (draft) {
      extendDraft(draft, entry)
    } else {
      settle(stream)
      if (stream.task && stream.isOomTrace) readTask(target, stream.task.told, stream.task.line)
      target.isAsked = stream.asked !== null && entry.from - stream.asked.to <= ASKED_LINES
      stream.asked = null
      stream.task = null
      stream.draft = target
    }
    return 'recognised'
  }

  return {
    read(entry) {
      if (!isKernelVoice(entry)) return null
      const text = entry.message.trim()
      const stream = streamOf(entry.stream)
      if (text === '') return stream.draft && stream.draft.kills.length === 0 ? 'context' : null
      const trigger = readTrigger(text)
      if (trigger) {
        const open = stream.draft
        if (open?.triggerText === entry.message && open.size <= 4 && open.kills.length === 0) extendDraft(open, entry)
        else start(stream, entry, trigger)
        return 'recognised'
      }
      const failure = readAllocationFailure(text)
      if (failure) {
        start(stream, entry, failure)
        facts.addEvent(entry, 'allocation-failure', 'sign', {
          comm: failure.comm,
          order: failure.order,
          gfpMask: failure.gfpMask,
        })
        return 'recognised'
      }
      const known =
        readKill(stream, entry, text) ??
        readReaper(entry, text) ??
        readEnd(stream, entry, text) ??
        readGroup(stream, entry, text) ??
        readExiting(stream, entry, text) ??
        readBody(stream, entry, text)
      if (known) return known
      const slab = SLAB_FAILURE.exec(text)
      if (slab) {
        facts.addEvent(entry, 'allocation-failure', 'sign', { comm: null, order: null, gfpMask: slab[1] ?? null })
        return 'recognised'
      }
      if (SUPPRESSED.test(text)) {
        facts.addEvent(entry, 'suppressed', 'info')
        return 'recognised'
      }
      if (ASIDES.test(text)) return 'context'
      return readAside(stream, entry, text)
    },
    end() {
      for (const stream of streams.values()) settle(stream)
      streams.clear()
      const left = [...orphans.values()].flat()
      orphans.clear()
      for (const { pid, comm, entry } of left) {
        const same = findSame(entry, pid, comm, REAPED_MS)
        if (same) addEcho(same, entry)
        // The reaper only takes the memory of victims: the kill line is lost, the kill is not.
        else addKill(entry, null, { ...NOTHING_KILLED, pid, comm })
      }
    },
  }

  /** Traces, registers and the CPU line: kept beside an open report. */
  function readAside(stream: Stream, entry: Entry, text: string): Claim {
    const task = readTaskLine(text)
    if (task?.release) facts.addRelease(task.release)
    const draft = stream.draft
    const isOpen = draft !== null && draft.kills.length === 0 && !isFarFrom(draft, entry)
    if (task) {
      if (isOpen) readTask(draft, task, entry.from)
      else {
        stream.task = { line: entry.from, told: task }
        stream.isOomTrace = false
      }
    }
    if (SHOW_MEMORY.test(text)) {
      stream.asked = entry
      return 'context'
    }
    if (isBootStage(text)) {
      stream.stage = entry
      return 'context'
    }
    const isOomTrace = OOM_TRACE.test(text)
    if (isOpen) {
      if (text.includes('moom_callback')) draft.report.isManual = true
      return entry.from - draft.lastLine <= BESIDE_LINES ? 'context' : null
    }
    stream.isOomTrace ||= isOomTrace
    return isOomTrace ? 'context' : null
  }
}

function processKey(entry: Entry, pid: number | null): string {
  return `${entry.host}\u0000${pid}`
}

/** True when the second entry was written more than so long after the first; without a clock, more than so many lines. */
function isLaterThan(first: Entry, second: Entry, ms: number, lines: number): boolean {
  const gap = gapMs(first.moment, second.moment)
  return gap === null ? second.from - first.to > lines : gap > ms
}

/** True for figures of memory that somebody asked for and no kill ended. */
function isOnlyAsked({ isAsked, kills }: Draft): boolean {
  return isAsked && kills.length === 0
}

const NOTHING_KILLED: KilledLine = {
  pid: null,
  comm: null,
  uid: null,
  score: null,
  constraint: 'unknown',
  totalVmKib: null,
  anonRssKib: null,
  fileRssKib: null,
  shmemRssKib: null,
  pageTablesKib: null,
  oomScoreAdj: null,
}

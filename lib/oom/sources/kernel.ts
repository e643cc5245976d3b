import { gapMs } from '@/lib/logs/dating'
import type { Facts } from '@/lib/oom/facts'
import { readBodyLine } from '@/lib/oom/kernel/body'
import { isBootStage } from '@/lib/oom/kernel/boot-stage'
import { closeDraft, type Draft, extendDraft, isFarFrom, mayEndWith, openDraft, readTask } from '@/lib/oom/kernel/draft'
import { createKillBook, NOTHING_KILLED } from '@/lib/oom/kernel/kill-book'
import { type KilledLine, readChoice, readExited, readKilled } from '@/lib/oom/kernel/kill-line'
import { hasMemoryFacts, isFirstPerCpu, isMemInfoHeader } from '@/lib/oom/kernel/mem-info'
import { createStreams, type Stream } from '@/lib/oom/kernel/streams'
import { readAllocationFailure, readTaskLine, readTrigger, type Trigger } from '@/lib/oom/kernel/trigger'
import { type Claim, type Entry, isKernelVoice, type OomReader, type OomSource } from '@/lib/oom/source'

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

export const kernel: OomSource = {
  name: 'kernel',
  sample: 'Out of memory: Killed process 4711 (java) total-vm:8000kB, anon-rss:4000kB, file-rss:0kB, shmem-rss:0kB',
  open: openKernel,
}

function openKernel(facts: Facts): OomReader {
  const kills = createKillBook(facts)
  const streams = createStreams(settle)

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
    draft.kills.push(kills.add(oomKillEntry, draft, killed))
  }

  function recordKill(stream: Stream, entry: Entry, killed: KilledLine, choice: Entry | null = null): void {
    const open = stream.draft
    const draft = open && !isFarFrom(open, entry) && mayEndWith(open, killed) ? open : null
    const same = kills.findTold(entry, killed)
    if (draft) extendDraft(draft, entry)
    if (same) {
      kills.addEcho(same, entry)
      if (draft && draft.report !== same.report) {
        draft.isEnded = true
        draft.isRepeat = same.report !== null && gapMs(same.moment, entry.moment) === 0
      }
      return
    }
    const record = kills.add(entry, draft, killed, choice)
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
      kills.addReaped({ ...gone, entry })
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
      const stream = streams.of(entry.stream)
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
      streams.end()
      kills.end()
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

/** True when the second entry was written more than so long after the first; without a clock, more than so many lines. */
function isLaterThan(first: Entry, second: Entry, ms: number, lines: number): boolean {
  const gap = gapMs(first.moment, second.moment)
  return gap === null ? second.from - first.to > lines : gap > ms
}

/** True for figures of memory that somebody asked for and no kill ended. */
function isOnlyAsked({ isAsked, kills }: Draft): boolean {
  return isAsked && kills.length === 0
}

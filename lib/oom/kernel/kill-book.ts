import { gapMs } from '@/lib/logs/dating'
import type { Facts, KillRecord } from '@/lib/oom/facts'
import type { Draft } from '@/lib/oom/kernel/draft'
import { factsOfKill } from '@/lib/oom/kernel/kill-facts'
import type { KilledLine } from '@/lib/oom/kernel/kill-line'
import type { Entry } from '@/lib/oom/source'

/** Two lines about one pid within this time are one kill told twice. */
const SAME_KILL_MS = 60_000
/** A machine that thrashes may take long to free a victim's memory. */
const REAPED_MS = 3_600_000

const ALLOCATING_TASK = /^\s*Out of memory \(oom_kill_allocating_task\):/

/** What a line says of a kill that names the victim and nothing else. */
export const NOTHING_KILLED: KilledLine = {
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

interface Reaped {
  pid: number
  comm: string
  entry: Entry
}

/** The kernel's kills of one text: a process dies once, however many lines tell of it. */
export interface KillBook {
  /**
   * @param draft the report that the kill belongs to; null when there is none
   * @param choice the line by which the kernel chose the victim, where it is another one
   */
  add: (entry: Entry, draft: Draft | null, killed: KilledLine, choice?: Entry | null) => KillRecord
  /**
   * The same process told before: by a group kill, a second facility, a log that was pasted twice, or an earlier report
   * that chose it and it had not gone yet.
   */
  findTold: (entry: Entry, killed: KilledLine) => KillRecord | null
  addEcho: (record: KillRecord, entry: Entry) => void
  /** The reaper took a victim's memory; its line, from another CPU, may be printed before the line of the kill. */
  addReaped: (reaped: Reaped) => void
  end: () => void
}

export function createKillBook(facts: Facts): KillBook {
  /** The last kill of each host and pid. */
  const lastKills = new Map<string, KillRecord>()
  /** By host and pid: those that no kill line has told of yet. */
  const waiting = new Map<string, Reaped[]>()

  function find(entry: Entry, pid: number | null, comm: string | null, withinMs: number): KillRecord | null {
    const known = pid === null ? undefined : lastKills.get(processKey(entry, pid))
    if (!known) return null
    // A name that the end of a line cuts off is null.
    if (known.kill.comm !== comm && known.kill.comm !== null && comm !== null) return null
    const gap = gapMs(known.moment, entry.moment)
    return gap === null || Math.abs(gap) < withinMs ? known : null
  }

  function addEcho(record: KillRecord, entry: Entry): void {
    record.kill.echoes.push({ source: facts.source, from: entry.from, to: entry.to })
  }

  /** Later its process id may be another's, so only what was reaped near the kill is of it. */
  function takeReaped(record: KillRecord, entry: Entry): void {
    const key = processKey(entry, record.kill.pid)
    const all = waiting.get(key)
    if (!all) return
    const isOfThis = (reaped: Reaped) => find(reaped.entry, reaped.pid, reaped.comm, REAPED_MS) === record
    for (const reaped of all.filter(isOfThis)) addEcho(record, reaped.entry)
    const others = all.filter((reaped) => !isOfThis(reaped))
    if (others.length === 0) waiting.delete(key)
    else waiting.set(key, others)
  }

  function add(entry: Entry, draft: Draft | null, killed: KilledLine, choice: Entry | null = null): KillRecord {
    const record = facts.addKill(entry, 'kernel', {
      ...factsOfKill(killed, draft),
      ...(ALLOCATING_TASK.test((choice ?? entry).message) && { isAllocatingTask: true }),
      ...(choice && { choice: { source: facts.source, from: choice.from, to: choice.to } }),
    })
    record.report = draft?.report ?? null
    lastKills.set(processKey(entry, killed.pid), record)
    takeReaped(record, entry)
    return record
  }

  return {
    add,
    addEcho,
    findTold: (entry, { pid, comm }) => find(entry, pid, comm, SAME_KILL_MS),
    addReaped(reaped) {
      const same = find(reaped.entry, reaped.pid, reaped.comm, REAPED_MS)
      if (same) addEcho(same, reaped.entry)
      else {
        const key = processKey(reaped.entry, reaped.pid)
        waiting.set(key, [...(waiting.get(key) ?? []), reaped])
      }
    },
    end() {
      const left = [...waiting.values()].flat()
      waiting.clear()
      for (const { pid, comm, entry } of left) {
        const same = find(entry, pid, comm, REAPED_MS)
        if (same) addEcho(same, entry)
        // The reaper only takes the memory of victims: the kill line is lost, the kill is not.
        else add(entry, null, { ...NOTHING_KILLED, pid, comm })
      }
    },
  }
}

function processKey(entry: Entry, pid: number | null): string {
  return `${entry.host}\u0000${pid}`
}

import type { Constraint } from '@/lib/oom/report'
import type { Kib } from '@/lib/units'

/** "Kill process N (x) score S or sacrifice child": the kernel's choice, printed before the kill itself. */
export interface Choice {
  pid: number
  comm: string | null
  score: number | null
  constraint: Constraint
}

// "OOM killed process mysqld (pid=4514, ve=101) exited, free=12000 gen=5.": the last line of OpenVZ 2.6.18 on a victim
const EXITED = /^OOM killed process (.{1,64}) \(pid=(\d{1,10}), ve=\d{1,10}\) exited/

/** Reads OpenVZ's line that a victim has gone. Null for other lines. */
export function readExited(message: string): { pid: number; comm: string } | null {
  const match = EXITED.exec(message.length > 160 ? message.slice(0, 160) : message)
  return match ? { pid: Number(match[2]), comm: match[1] ?? '' } : null
}

/** "Killed process N (x) …": what the line itself says. */
export interface KilledLine {
  /** Null on 2.4's "VM: killing process x". */
  pid: number | null
  comm: string | null
  uid: number | null
  score: number | null
  /** `unknown` when the line gives no reason ("Killed process 5 (x) total-vm:…" alone). */
  constraint: Constraint
  totalVmKib: Kib | null
  anonRssKib: Kib | null
  fileRssKib: Kib | null
  shmemRssKib: Kib | null
  pageTablesKib: Kib | null
  oomScoreAdj: number | null
}

// "Out of memory", "Out of Memory", "Out of memory (oom_kill_allocating_task)", "Memory cgroup out of memory",
// "No available memory (MPOL_BIND)", "No available memory in cpuset", OpenVZ's "Out of memory in UB 101" and
// "Out of memory in mem cgroup inside UB 101"
const REASON =
  /^(?:(Out of [Mm]emory(?: \([^()]{1,40}\)| in (?:mem cgroup inside )?UB(?: \d+)?)?)|(Memory cgroup out of memory)|(No available memory(?: \(MPOL_BIND\))?(?: in cpuset)?)): {0,2}/
const CHOICE = /^[Kk]ill process (\d{1,10}) /
// A name follows, unless the end of the line cuts it off: "Killed process 123 is what it prints" is a remark.
const KILLED = /^(?:OOM k|K)illed process (\d{1,10})(?=,? ?\(|, UID |\s*$)/
const VM_KILL = /^VM: killing process (\S.{0,40}?)\.?\s*$/

/** The constraint that a kill line's first words name, and the rest of the line. */
export function readReason(message: string): { constraint: Constraint; rest: string } {
  const match = REASON.exec(message)
  if (!match) return { constraint: 'unknown', rest: message }
  const rest = message.slice(match[0].length)
  if (match[2]) return { constraint: 'memcg', rest }
  if (match[3]) return { constraint: match[3].includes('cpuset') ? 'cpuset' : 'memory-policy', rest }
  return { constraint: match[1]?.includes(' UB') ? 'memcg' : 'none', rest }
}

/** Reads the kernel's choice (Linux before 4.19). Null for other lines. */
export function readChoice(message: string): Choice | null {
  const { constraint, rest } = readReason(message)
  const match = CHOICE.exec(rest)
  // "Kill process N (x) sharing same memory" names another thread group of the same victim.
  if (!match || rest.includes('sharing same memory')) return null
  const name = readName(rest.slice(match[0].length), [' score ', ' or sacrifice', ' or a child'])
  const score = /^ score (-?\d{1,20})/.exec(name.tail)
  return { pid: Number(match[1]), comm: name.comm, score: score ? Number(score[1]) : null, constraint }
}

/** Reads the line that names the victim, of every kernel from 2.4 to 6.x. Null for other lines. */
export function readKilled(message: string): KilledLine | null {
  const vm = VM_KILL.exec(message.length > 80 ? message.slice(0, 80) : message)
  // A failed page fault: of the allocation, or of a driver. Which, only the lines before it tell.
  if (vm) return killed(null, vm[1] ?? null, null, 'unknown', '')
  const { constraint, rest } = readReason(message)
  const match = KILLED.exec(rest)
  if (!match) return null
  // RHEL6: "Killed process 9682, UID 27, (mysqld) total-vm:…"
  const uid = /^, UID (\d{1,10}), ?/.exec(rest.slice(match[0].length, match[0].length + 24))
  const after = rest.slice(match[0].length + (uid?.[0].length ?? 0)).trimStart()
  const name = readName(after, [' total-vm:', ' vsz:', ' vm:', ', UID', ' score ', ','])
  return killed(Number(match[1]), name.comm, uid ? Number(uid[1]) : null, constraint, name.tail)
}

function killed(
  pid: number | null,
  comm: string | null,
  uid: number | null,
  constraint: Constraint,
  tail: string,
): KilledLine {
  const number = (pattern: RegExp): number | null => {
    const found = pattern.exec(tail)
    return found ? Number(found[1]) : null
  }
  return {
    pid,
    comm,
    uid: uid ?? number(/\bUID[: ](\d{1,10})/),
    score: number(/^ score (-?\d{1,20})/),
    constraint,
    // The "B" may be cut off; with the "k" the number is whole.
    totalVmKib: number(/(?:total-vm|vsz|\bvm):\s?(\d{1,20})k/),
    anonRssKib: number(/anon-rss:\s?(\d{1,20})k/),
    fileRssKib: number(/file-rss:\s?(\d{1,20})k/),
    shmemRssKib: number(/shmem-rss:\s?(\d{1,20})k/),
    pageTablesKib: number(/pgtables:\s?(\d{1,20})k/),
    oomScoreAdj: number(/oom_score_adj:\s?(-?\d{1,5})/),
  }
}

/**
 * Takes a task name out of "(name) rest". A name may hold ')' and spaces itself, so it ends at the last ')' before the
 * first words known to follow it, or at the end of the line. A name cut off by the end of the line is null.
 */
function readName(text: string, followers: string[]): { comm: string | null; tail: string } {
  if (!text.startsWith('(')) return { comm: null, tail: text }
  for (const follower of followers) {
    const end = text.lastIndexOf(`)${follower}`)
    if (end > 0) return { comm: text.slice(1, end), tail: text.slice(end + 1) }
  }
  const end = text.lastIndexOf(')')
  return end > 0 ? { comm: text.slice(1, end), tail: text.slice(end + 1) } : { comm: null, tail: '' }
}

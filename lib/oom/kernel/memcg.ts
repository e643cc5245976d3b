import type { Constraint, MemcgCounter, MemcgInfo } from '@/lib/oom/report'

/** 2^53 − 4096 kB and above: the counter's maximum, printed where no limit is set. */
const NO_LIMIT_KIB = 9007199254736896

// "memory: usage 204800kB, limit 204800kB, failcnt 4563"; also memory+swap, swap, kmem
const COUNTER = /^(memory|memory\+swap|swap|kmem): usage (\d{1,20})kB, limit (\d{1,20})kB, failcnt (\d{1,20})/
// "Task in /docker/<id> killed as a result of limit of /docker": the victim's group, then the group that hit its limit
const TASK_IN = /^Task in (.*) killed as a result of limit of (.*)$/
const LIMIT_REACHED = /^Memory limit reached of cgroup (.*)$/
// "Memory cgroup stats for /x: cache:108KB rss:197168KB …" (until 5.1), "Memory cgroup stats for /x:" alone since
const STATS = /^Memory cgroup stats(?: for (\S.*?))?:(?: ?[a-z_]{2,32}(?:\(\w{1,16}\))?:\d{1,20}KB.*|\s*)$/
const STAT_BYTES = /^ ?([a-z][a-z_\d]{1,48}(?:\(\w+\))?) (\d{1,20})$/

export function emptyMemcg(): MemcgInfo {
  return {
    limitPath: null,
    victimPath: null,
    memory: null,
    memorySwap: null,
    swap: null,
    kmem: null,
    stats: {},
    statsLine: null,
  }
}

/** State of the stats list, whose rows look like nothing in particular outside it. */
export interface MemcgReading {
  memcg: MemcgInfo | null
  /** The line that names the groups: "Task in … killed as a result of limit of …". */
  pathLine: number | null
  isInStats: boolean
  statsHeaders: number
  statsPath: string | null
}

/** Reads one line of a memcg report into `reading`. Linux mm/memcontrol.c, mem_cgroup_print_oom_meminfo(). */
export function readMemcgLine(message: string, line: number, reading: MemcgReading): boolean {
  if (reading.isInStats) {
    const stat = STAT_BYTES.exec(message.length > 80 ? message.slice(0, 80) : message)
    if (stat && reading.memcg) {
      // A hierarchy prints one list a group; the first is the group whose limit was hit.
      if (reading.statsHeaders === 1) reading.memcg.stats[stat[1] ?? ''] = Number(stat[2])
      return true
    }
    reading.isInStats = false
  }
  if (message.startsWith('Memory cgroup stats')) return readStats(message, line, reading)
  const counter = COUNTER.exec(message)
  if (counter) {
    const memcg = start(reading)
    const limit = Number(counter[3])
    const read: MemcgCounter = {
      line,
      usageKib: Number(counter[2]),
      limitKib: limit >= NO_LIMIT_KIB ? null : limit,
      failcnt: Number(counter[4]),
    }
    if (counter[1] === 'memory') memcg.memory = read
    else if (counter[1] === 'memory+swap') memcg.memorySwap = read
    else if (counter[1] === 'swap') memcg.swap = read
    else memcg.kmem = read
    return true
  }
  const task = TASK_IN.exec(message)
  if (task) {
    const memcg = start(reading)
    memcg.victimPath = task[1]?.trim() ?? null
    memcg.limitPath = task[2]?.trim() ?? null
    reading.pathLine = line
    return true
  }
  const reached = LIMIT_REACHED.exec(message)
  if (reached) {
    start(reading).limitPath = reached[1]?.trim() ?? null
    reading.pathLine = line
    return true
  }
  return false
}

function start(reading: MemcgReading): MemcgInfo {
  reading.memcg ??= emptyMemcg()
  return reading.memcg
}

function readStats(message: string, line: number, reading: MemcgReading): boolean {
  const match = STATS.exec(message)
  const memcg = start(reading)
  reading.statsHeaders += 1
  if (reading.statsHeaders === 1) {
    memcg.statsLine = line
    reading.statsPath = match?.[1]?.trim() ?? null
  }
  const pairs = [...message.matchAll(/([a-z_]+(?:\(\w+\))?):(\d{1,20})KB/g)]
  if (pairs.length === 0) reading.isInStats = true
  else if (reading.statsHeaders === 1) {
    for (const [, key, kib] of pairs) memcg.stats[key ?? ''] = Number(kib) * 1024
  }
  return true
}

/** `oom-kill:constraint=…,task=…,pid=…,uid=…` (5.0 and later). Linux mm/oom_kill.c, dump_oom_summary(). */
export interface OomKillLine {
  constraint: Constraint
  limitPath: string | null
  victimPath: string | null
  comm: string | null
  pid: number | null
  uid: number | null
}

const CONSTRAINTS: Record<string, Constraint> = {
  CONSTRAINT_NONE: 'none',
  CONSTRAINT_MEMCG: 'memcg',
  CONSTRAINT_CPUSET: 'cpuset',
  CONSTRAINT_MEMORY_POLICY: 'memory-policy',
}

/** Reads from the right, because names and paths may hold commas; a part that the end of the line cuts off is null. */
export function readOomKill(message: string): OomKillLine | null {
  const head = /^oom-kill: ?constraint=([A-Z_]{1,40})/.exec(message)
  if (!head) return null
  const uidAt = message.lastIndexOf(',uid=')
  const pidAt = message.lastIndexOf(',pid=', uidAt < 0 ? undefined : uidAt)
  const taskAt = message.lastIndexOf(',task=', pidAt < 0 ? undefined : pidAt)
  const victimAt = message.lastIndexOf(',task_memcg=', taskAt < 0 ? undefined : taskAt)
  const limitAt = message.lastIndexOf(',oom_memcg=', victimAt < 0 ? undefined : victimAt)
  const between = (from: number, key: string, to: number): string | null =>
    from < 0 || to < from ? null : message.slice(from + key.length, to)
  const digits = (from: number, key: string): number | null => {
    const match = from < 0 ? null : /^\d{1,10}/.exec(message.slice(from + key.length))
    return match ? Number(match[0]) : null
  }
  const printed = CONSTRAINTS[head[1] ?? ''] ?? 'unknown'
  return {
    // Only a memcg's report names the group that hit its limit; some kernels of 5.0 call that CONSTRAINT_NONE.
    constraint: printed === 'none' && limitAt > 0 ? 'memcg' : printed,
    limitPath: between(limitAt, ',oom_memcg=', victimAt),
    victimPath: between(victimAt, ',task_memcg=', taskAt),
    comm: between(taskAt, ',task=', pidAt),
    pid: uidAt < 0 && pidAt >= 0 && !/^\d+,/.test(message.slice(pidAt + 5)) ? null : digits(pidAt, ',pid='),
    uid: digits(uidAt, ',uid='),
  }
}

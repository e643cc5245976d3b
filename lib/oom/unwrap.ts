/** A message that a mailer, terminal or console may have broken. */
interface Breakable {
  /** How it begins, tested on its first 400 characters. */
  begins: RegExp
  /** What its whole form has near its end; nothing is added to a whole message. */
  isWhole: RegExp
  /** How the rest begins, where it is broken at a blank. */
  rest: RegExp
  /** True when what begins like this says nothing by itself, so that even a line that could stand alone is its rest. */
  isNothingAlone?: boolean
}

const NEVER = /(?!)/
const PAIR = /^[\w()]{2,32}[:?] ?(?:\d|yes|no)|^\d{1,20}kB\b/
/** "Out of memory: ", "Memory cgroup out of memory: ", "No available memory (MPOL_BIND): " */
const REASON = '(?:[A-Z][^:]{8,60}: ?)?'

const BREAKABLE: readonly Breakable[] = [
  {
    begins: new RegExp(`^${REASON}(?:OOM )?[Kk]i\\w{0,4}(?: process)?(?: \\d+)?$`),
    isWhole: NEVER,
    rest: /^(?:process \d|\d+ \(|\(|\/)/,
    isNothingAlone: true,
  },
  {
    begins:
      /^(?:Out of [Mm]emory(?: in(?: mem cgroup(?: inside)?)?(?: UB)?(?: \d+)?)?|Memory cgroup out of memory|No available memory(?: \(MPOL_BIND\)| in cpuset)?|(?:Memory cgroup )?[Oo]ut of|Memory cgroup|No available)(?:[:,]|: OOM)?$/,
    isWhole: NEVER,
    rest: /^(?:[Kk]ill|[Mm]emory|out of|OOM|inside|UB|mem cgroup|\d+: )/,
    isNothingAlone: true,
  },
  {
    begins: new RegExp(`^${REASON}(?:OOM k|K)illed process \\d+,? `),
    isWhole: /rss:\d+kB(?!,)|swap:\d+kB$|\)\.$|oom_score_adj:-?\d+$/,
    rest: /^(?:,|\(|total-vm|vsz|vm:|anon-rss|file-rss|shmem-rss|rss:|swap:|UID|pgtables|oom_score_adj|score|\d+kB|\d+, )/,
  },
  {
    begins: new RegExp(`^${REASON}[Kk]ill process \\d+ `),
    isWhole: /score -?\d+ (?:or|and) (?:sacrifice child|a child|children)/,
    rest: /^(?:\(|score|-?\d+ or|or |sacrifice|a child|child|and children)/,
  },
  {
    begins: new RegExp(`^${REASON}OOM victim \\d+ `),
    isWhole: / exiting/,
    rest: /^(?:\(|is |already|exiting|Skip)/,
  },
  {
    begins: /^.{1,40} invoked(?: oom-killer|$)/,
    isWhole: /order=-?\d+|gfp 0x[\da-f]+/,
    rest: /^(?:oom-killer|gfp_mask|nodemask|order|oom_|in ub|ub \d|generation|gfp |\d+ gen|\d+ gfp|0x)/,
  },
  {
    begins: /^.{1,40}: (?:page allocation |vmalloc)/,
    isWhole: /mode:0x[\da-f]+/,
    rest: /^(?:failure|order|mode|error|size|allocated|allocation|failed|bytes|of \d|\d+ (?:of|bytes)|page|pages|to allocate|allocate)/,
  },
  {
    begins: /^CPU: \d+ |^Pid: \d+, comm: /,
    isWhole: /#\d+/,
    rest: /^(?:PID: \d|UID: \d|Comm: |[Nn]ot tainted|[Tt]ainted|\(?\d+\.\d+\S* #|#\d|\S{1,15} (?:Not t|T)ainted|[A-Z](?: +[A-Z])* +\d+\.\d)/,
  },
  {
    begins: /^(?:Node \d+ )?(?:DMA32|DMA|Normal|HighMem|Movable) free:|^Zone:\S+ freepages:/,
    isWhole: /all_unreclaimable\? (?:yes|no)|free_cma:\d+kB$/,
    rest: PAIR,
  },
  { begins: /^Node \d+ active_anon:/, isWhole: /all_unreclaimable\? (?:yes|no)/, rest: PAIR },
  {
    begins: /^(?:(?:Node \d+ )?(?:DMA32|DMA|Normal|HighMem|Movable): ?)?\d+\*\d+k?B?/,
    isWhole: /= ?\d+kB/,
    rest: /^(?:\d+\*\d|= ?\d|\([A-Z]|\d+kB)/,
  },
  { begins: /^\(? ?[Aa]ctive[_:(]/, isWhole: /isolated_anon:\d+$|pagetables:\d+$|free: \d+ \)$/, rest: PAIR },
  { begins: /hugepages_total/, isWhole: /hugepages_size=\d+kB/, rest: /^hugepages_/ },
  { begins: /^\[ *pid *\]/, isWhole: / name$/, rest: /^[a-z_]+(?: |$)/ },
  { begins: /^\[ *\d+\](?:\s+-?\d+){2,12}\s*$/, isWhole: NEVER, rest: /^(?:-?\d+ |.{1,20}$)/ },
  { begins: /^oom-kill:/, isWhole: /,uid=\d+$/, rest: /^[^ ]+$/ },
  {
    begins: /^Task in(?: |$)/,
    isWhole: /limit of \S+/,
    rest: /^(?:\/|killed|as a|a result|result|of limit|limit|of )/,
  },
  {
    begins: /^Tasks in(?: |$)/,
    isWhole: /group set/,
    rest: /^(?:\/|are|going|to be|be killed|killed|due|to memory|memory\.oom|set$)/,
  },
  {
    begins: /^Memory cgroup stats/,
    isWhole: NEVER,
    rest: /^(?:for \/|\/\S*:(?: |$)|[a-z_]{2,32}(?:\(\w+\))?:\d+KB\b)/,
  },
  { begins: /^(?:memory|memory\+swap|kmem|swap): ?usage/, isWhole: /failcnt \d+/, rest: /^(?:limit|failcnt|\d)/ },
  { begins: /^Swap cache/, isWhole: /find \d+\/\d+/, rest: /^(?:add|delete|find|\d)/ },
  {
    begins: /^oom_reaper: reaped/,
    isWhole: /shmem-rss:\d+kB$/,
    rest: /^(?:now|anon-rss|file-rss|shmem-rss|process|\d)/,
  },
  {
    begins: /^Killed \S*[./]\S*(?: |$)/,
    isWhole: /activity$|more than [\d.]+%/,
    rest: /^(?:due |to |memory |swap |pressure |for |being |with |than |reclaim |\/|[\d.]+%|>)/,
  },
  { begins: /^OOM killed process \S+ \(pid=/, isWhole: / exited/, rest: /^(?:ve=|exited|free=|gen=)/ },
  {
    begins: /^(?:lowmemorykiller: |lmkd: )?Kill(?:ing)? '/,
    isWhole: /adj -?\d+,$|reason: .+$/,
    rest: /^(?:\(\d|\(tgid|tgid|adj|oom_score_adj|-?\d+,?$|uid|free \d|\d+kB|rss|swap;|reason)/,
  },
  {
    begins: /^sending SIG|^[Kk]illing process /,
    isWhole: /VmRSS:? \d+ MiB/,
    rest: /^(?:uid|to |with |signal|process|pid:|badness|oom_score|VmRSS|"|\d)/,
  },
]

/** Lines that begin something of their own, so they continue nothing. */
const STARTS =
  /^(?:\S.{0,40} invoked oom-killer|oom-killer:|Mem-[Ii]nfo|Node \d|(?:DMA32|DMA|Normal|HighMem|Movable)(?: free|:| per-cpu)|lowmem_reserve|protections|Swap cache|Free (?:swap|pages)|Total swap|\d+ (?:total|pages|reserved)|\[ *\d+\] +\d|\[ *pid|Out of |Memory cgroup|Killed process|Kill process|Task in|Tasks |memory: usage|memory\+swap: usage|kmem: usage|swap: usage|oom-kill:|oom_reaper|[Aa]ctive(?:_anon|_file|\((?:anon|file)\))?: ?\d+(?![\dkK])|cpu \d|CPU|Call [Tt]race|Hardware name|VM: |__alloc|Kernel panic|\.{2,}|-{2,}$|<.{0,40}snip|\[\.\.\.\]|\(\.\.\.|```)/

/** Terminals and serial consoles break lines after this many characters, in the middle of words. */
const CONSOLE_COLUMNS = 80

// "↪gfp_mask=0xd0, order=0": books and web pages mark where they broke a line
const MARKED = /^\s{0,8}[↪↳⤷]\s{0,4}(?=\S)/

/** A message that may go on in the next line. */
export interface OpenMessage {
  /** What is known of it so far. */
  text: string
  /** Its last physical line as it stands, trailing blanks included. */
  lastRaw: string
  /** True when that line is as long as the longest ones of the text: a terminal of another width may have broken it. */
  isFullWidth: boolean
}

/**
 * Joins a line without an envelope to the message before it, where it is the rest of that message.
 *
 * @param next the line in question
 * @returns the message with the line; null when they are two messages
 */
export function joined(message: OpenMessage, next: string): string | null {
  const mark = MARKED.exec(next.slice(0, 16))
  if (mark) return `${message.text.trimEnd()} ${next.slice(mark[0].length)}`
  const between = joint(message, next)
  if (between === null) return null
  return between === '' ? message.text + next : `${message.text.trimEnd()} ${next.trimStart()}`
}

/** True for a message that begins like one of these and has not come to its end: the next line may hold the rest. */
export function isUnfinished(message: string): boolean {
  const open = message.trim()
  const breakable = findBreakable(open)
  return breakable !== undefined && !breakable.isWhole.test(open.slice(-160))
}

function findBreakable(open: string): Breakable | undefined {
  const head = open.slice(0, 400)
  return BREAKABLE.find(({ begins }) => begins.test(head))
}

/** What to put between a message and the line that continues it; null when it does not. */
function joint({ text: message, lastRaw, isFullWidth }: OpenMessage, next: string): '' | ' ' | null {
  const text = next.trim()
  if (text === '') return null
  const open = message.trim()
  const breakable = findBreakable(open)
  if (!breakable?.isNothingAlone && STARTS.test(text.slice(0, 120))) return null
  if (open === '') return ''
  if (!breakable) return null
  const isAtEdge = lastRaw.length === CONSOLE_COLUMNS || (isFullWidth && lastRaw.length > CONSOLE_COLUMNS)
  if (breakable.isWhole.test(open.slice(-160))) return isAtEdge && TORN_END.test(text) ? '' : null
  if (isAtEdge || isTorn(message, next)) return ''
  if (breakable.rest.test(text.slice(0, 400))) return open.startsWith('oom-kill:') && !/\s$/.test(lastRaw) ? '' : ' '
  // An unfinished line this long was cut by a terminal of unknown width.
  return lastRaw.length >= LONG_LINE && /\S$/.test(lastRaw) && /^\S/.test(next) ? '' : null
}

const LONG_LINE = 100
/** The rest of a value, behind a line that looks whole without it. */
const TORN_END = /^(?:,|\d{1,19}$|\d{0,19}k?B\b|[\w./-]{1,80}$)/
const COLUMNS = new Set(
  'uid tgid total_vm rss rss_anon rss_file rss_shmem nr_ptes nr_pmds nr_puds pgtables_bytes swapents cpu oom_adj oom_score_adj'.split(
    ' ',
  ),
)

/** True when a word goes on in the next line: "inactive:1" and "3184kB", "active_an" and "on:0kB", "oom_score" and "_adj". */
function isTorn(message: string, next: string): boolean {
  if (/[a-z_]{3,32}: {0,4}$/.test(message.slice(-40)) && /^\s{0,8}\d/.test(next)) return true
  const last = /\S{1,80}$/.exec(message.slice(-80))?.[0] ?? ''
  if (last === '') return false
  if (/^\[ *pid *\]/.test(message)) return next.startsWith('_') || !COLUMNS.has(last)
  if (/:?\d{1,19}k?$/.test(last)) return /^\d{0,19}k?B\b/.test(next)
  return /[a-z][_-][a-z]{0,16}$/.test(last) && /^[a-z_]{0,24}:\d/.test(next)
}

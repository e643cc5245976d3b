/** A message that a mailer, terminal or console may have broken. */
interface Breakable {
  /** How it begins, tested on its first 400 characters. */
  begins: RegExp
  /** What its whole form has near its end; nothing is added to a whole message. */
  isWhole: RegExp
  /** How the rest begins, where it is broken at a blank. */
  rest: RegExp
}

const NEVER = /(?!)/
const PAIR = /^[\w()]{2,32}[:?] ?(?:\d|yes|no)|^\d{1,20}kB\b/

const BREAKABLE: readonly Breakable[] = [
  {
    begins: /^(?:Out of [Mm]emory[^:]{0,40}: ?|Memory cgroup out of memory: ?)?(?:Killed?|kill)(?: process)?(?: \d+)?$/,
    isWhole: NEVER,
    rest: /^(?:process \d|\d+ \(|\(|\/)/,
  },
  {
    begins:
      /^(?:Out of [Mm]emory(?: in (?:UB|CT)(?: \d+)?)?|Memory cgroup out of memory|Out of|Memory cgroup)(?:[:,]|: OOM)?$/,
    isWhole: NEVER,
    rest: /^(?:[Kk]ill|[Mm]emory|out of|OOM)/,
  },
  {
    begins: /^(?:[A-Z][^:]{8,50}: ?)?Killed process \d+,? /,
    isWhole: /rss:\d+kB(?!,)|\)\.$|oom_score_adj:-?\d+$/,
    rest: /^(?:,|total-vm|vsz|anon-rss|file-rss|shmem-rss|UID|pgtables|oom_score_adj|\d+kB)/,
  },
  {
    begins: /^(?:[A-Z][^:]{8,50}: ?)?[Kk]ill process \d+ /,
    isWhole: /score -?\d+ (?:or|and) (?:sacrifice child|a child|children)/,
    rest: /^(?:score|-?\d+ or|or |sacrifice|a child|child|and children)/,
  },
  { begins: /^.{1,40} invoked oom-killer/, isWhole: /order=-?\d+/, rest: /^(?:gfp_mask|nodemask|order|oom_)/ },
  {
    begins: /^(?:Node \d+ )?(?:DMA32|DMA|Normal|HighMem|Movable) free:/,
    isWhole: /all_unreclaimable\? (?:yes|no)|free_cma:\d+kB$|present:\d+kB$/,
    rest: PAIR,
  },
  { begins: /^Node \d+ active_anon:/, isWhole: /all_unreclaimable\? (?:yes|no)/, rest: PAIR },
  {
    begins: /^(?:(?:Node \d+ )?(?:DMA32|DMA|Normal|HighMem|Movable): ?)?\d+\*\d+k?B?/,
    isWhole: /= ?\d+kB/,
    rest: /^(?:\d+\*\d|= ?\d|\([A-Z]|\d+kB)/,
  },
  { begins: /^[Aa]ctive[_:(]/, isWhole: /isolated_anon:\d+$|pagetables:\d+$/, rest: PAIR },
  { begins: /hugepages_total/, isWhole: /hugepages_size=\d+kB/, rest: /^hugepages_/ },
  { begins: /^\[ *pid *\]/, isWhole: / name$/, rest: /^[a-z_]+(?: |$)/ },
  { begins: /^\[ *\d+\](?:\s+-?\d+){2,12}\s*$/, isWhole: NEVER, rest: /^(?:-?\d+ |.{1,20}$)/ },
  { begins: /^oom-kill:/, isWhole: /,uid=\d+$/, rest: /^[^ ]+$/ },
  { begins: /^Task in /, isWhole: /limit of \S+/, rest: /^(?:\/|killed|as a|result|limit|of )/ },
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
  {
    begins: /^sending SIG|^Killing process /,
    isWhole: /VmRSS:? \d+ MiB/,
    rest: /^(?:uid|to |process|badness|oom_score|VmRSS|"|\d)/,
  },
]

/** Lines that begin something of their own, so they continue nothing. */
const STARTS =
  /^(?:\S.{0,40} invoked oom-killer|oom-killer:|Mem-[Ii]nfo|Node \d|(?:DMA32|DMA|Normal|HighMem|Movable)(?: free|:| per-cpu)|lowmem_reserve|protections|Swap cache|Free (?:swap|pages)|Total swap|\d+ (?:total|pages|reserved)|\[ *\d+\] +\d|\[ *pid|Out of |Memory cgroup|Killed process|Kill process|Task in|Tasks |memory: |memory\+swap|kmem: |swap: usage|oom-kill:|oom_reaper|[Aa]ctive[_:(]|cpu \d|CPU|Call [Tt]race|Hardware name|VM: |__alloc|Kernel panic|\.{2,}|-{2,}$|<.{0,40}snip|\[\.\.\.\]|\(\.\.\.|```)/

/** Terminals and serial consoles break lines after this many characters, in the middle of words. */
const CONSOLE_COLUMNS = 80

// "↪gfp_mask=0xd0, order=0": books and web pages mark where they broke a line
const MARKED = /^\s{0,8}[↪↳⤷]\s{0,4}(?=\S)/

/**
 * Joins a line without an envelope to the message before it, where it is the rest of that message.
 *
 * @param message what is known of the message so far
 * @param lastRaw its last physical line as it stands, trailing blanks included
 * @param next the line in question
 * @returns the message with the line; null when they are two messages
 */
export function joined(message: string, lastRaw: string, next: string): string | null {
  const mark = MARKED.exec(next.slice(0, 16))
  if (mark) return `${message.trimEnd()} ${next.slice(mark[0].length)}`
  const between = joint(message, lastRaw, next)
  if (between === null) return null
  return between === '' ? message + next : `${message.trimEnd()} ${next.trimStart()}`
}

/** What to put between a message and the line that continues it; null when it does not. */
function joint(message: string, lastRaw: string, next: string): '' | ' ' | null {
  const text = next.trim()
  if (text === '' || STARTS.test(text.slice(0, 120))) return null
  const open = message.trim()
  if (open === '') return ''
  const head = open.slice(0, 400)
  const breakable = BREAKABLE.find(({ begins }) => begins.test(head))
  if (!breakable || breakable.isWhole.test(open.slice(-160))) return null
  if (lastRaw.length === CONSOLE_COLUMNS) return ''
  if (!breakable.rest.test(text.slice(0, 400))) return null
  return open.startsWith('oom-kill:') && !/\s$/.test(lastRaw) ? '' : ' '
}

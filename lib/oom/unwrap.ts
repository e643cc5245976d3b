/** A message that a mailer, terminal or console may have broken: how it begins, and what its whole form contains. */
interface Breakable {
  begins: RegExp
  isWhole: RegExp
}

const BREAKABLE: readonly Breakable[] = [
  {
    begins:
      /^(?:Out of [Mm]emory.{0,40}: ?|Memory cgroup out of memory: ?)?(?:Kill(?:ed)?|kill)(?: process)?(?: \d+)?$/,
    isWhole: /(?!)/,
  },
  { begins: /^(?:Out of [Mm]emory|Memory cgroup out of memory|Memory cgroup|Out of)[:,]?$/, isWhole: /(?!)/ },
  { begins: /Killed process \d+,? /, isWhole: /rss:\d+kB(?!,)|\)\.$|oom_score_adj:-?\d+$/ },
  { begins: /[Kk]ill process \d+ /, isWhole: /score -?\d+ (?:or|and) (?:sacrifice child|a child|children)/ },
  { begins: /invoked oom-killer/, isWhole: /order=-?\d+/ },
  {
    begins: /^(?:Node \d+ )?(?:DMA32|DMA|Normal|HighMem|Movable) free:/,
    isWhole: /all_unreclaimable\? (?:yes|no)|free_cma:\d+kB$|present:\d+kB$/,
  },
  { begins: /^Node \d+ active_anon:/, isWhole: /all_unreclaimable\? (?:yes|no)/ },
  { begins: /^(?:(?:Node \d+ )?(?:DMA32|DMA|Normal|HighMem|Movable): ?)?\d+\*\d+k?B?/, isWhole: /= ?\d+kB/ },
  { begins: /^[Aa]ctive[_:(]/, isWhole: /isolated_anon:\d+$|pagetables:\d+$/ },
  { begins: /hugepages_total/, isWhole: /hugepages_size=\d+kB/ },
  { begins: /^\[ *pid *\]/, isWhole: / name$/ },
  { begins: /^\[ *\d+\](?:\s+-?\d+){4,12}\s*$/, isWhole: /(?!)/ },
  { begins: /^oom-kill:/, isWhole: /,uid=\d+$/ },
  { begins: /^Task in /, isWhole: /limit of \S+/ },
  { begins: /^(?:memory|memory\+swap|kmem|swap): ?usage/, isWhole: /failcnt \d+/ },
  { begins: /^Swap cache/, isWhole: /find \d+\/\d+/ },
  { begins: /^oom_reaper: reaped/, isWhole: /rss:\d+kB$/ },
  { begins: /^Killed$|^Killed \S*[./]\S*(?: due(?: to.*)?)?$/, isWhole: /activity$|more than [\d.]+%/ },
  { begins: /^sending SIG|^Killing process /, isWhole: /VmRSS:? \d+ MiB/ },
  { begins: /^[Cc]onsidered \d+ cgroups?/, isWhole: /were:$/ },
]

/** Lines that begin something of their own, so they continue nothing. */
const STARTS =
  /^(?:\S.{0,40} invoked oom-killer|oom-killer:|Mem-[Ii]nfo|Node \d|(?:DMA32|DMA|Normal|HighMem|Movable)(?: free|:| per-cpu)|lowmem_reserve|protections|Swap cache|Free (?:swap|pages)|Total swap|\d+ (?:total|pages|reserved)|\[ *\d+\] +\d|\[ *pid|Out of |Memory cgroup|Killed process|Kill process|Task in|Tasks |memory: |memory\+swap|kmem: |swap: usage|oom-kill:|oom_reaper|[Aa]ctive[_:(]|cpu \d|CPU|Call [Tt]race|Hardware name|VM: |__alloc|Kernel panic|\.{2,}|<.{0,40}snip|\[\.\.\.\]|\(\.\.\.|```)/

/** Terminals and serial consoles break lines after this many characters, in the middle of words. */
const CONSOLE_COLUMNS = 80

/**
 * Says whether a line without an envelope continues the message before it.
 *
 * @param message what is known of the message so far
 * @param lastRaw its last physical line as it stands, trailing blanks included
 * @param next the line in question
 * @returns what to put between the two; null when they are two messages
 */
export function joint(message: string, lastRaw: string, next: string): '' | ' ' | null {
  const text = next.trimStart()
  if (text.trim() === '' || STARTS.test(text.slice(0, 120))) return null
  const open = message.trim()
  if (open === '') return ''
  const head = open.slice(0, 400)
  const tail = open.slice(-160)
  const breakable = BREAKABLE.find(({ begins }) => begins.test(head))
  if (!breakable) return null
  if (breakable.isWhole.test(tail)) return null
  if (lastRaw.length === CONSOLE_COLUMNS) return ''
  return open.startsWith('oom-kill:') && !/\s$/.test(lastRaw) ? '' : ' '
}

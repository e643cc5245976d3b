/**
 * What people's own tools put in front of the lines of a log: grep's file name and line number (`:` behind a hit, `-`
 * behind a line of context), the number of `cat -n` and `nl`, a list's bullet, quotes, the container's name.
 */

/** How lines with an envelope begin: enough to tell where the mark ends. */
const STAMP =
  '[A-Z][a-z]{2} {1,2}\\d{1,2} |\\[ {0,12}\\d{1,10}[.\\-]\\d|\\[[^\\s\\[\\]]{1,8} [^\\[\\]]{3,30}\\d\\d:\\d\\d:\\d\\d|\\d{4}-\\d\\d-\\d\\d[T ]|<\\d{1,3}>|\\d{1,5},\\d{1,20},\\d|\\{"|(?:[\\w.-]{1,63} )?kernel: '
/** How the kernel's lines begin that are worth finding without one. */
const KERNEL =
  'Out of [Mm]emory(?: \\(|:| in )|Memory cgroup (?:out of memory|stats)|Killed process \\d|[Kk]ill process \\d|oom-kill(?:er)?:|oom_reaper: |Mem-[Ii]nfo:|' +
  'Node \\d|(?:DMA32|DMA|Normal|HighMem|Movable)(?: free:| per-cpu|: )|\\[ *(?:pid|\\d{1,10}) *\\] |Task in /|Tasks (?:in |state)|CPU: \\d|CPU +\\d{1,5}: |cpu \\d{1,5} (?:hot|cold)|' +
  'Pid: \\d|Free (?:swap|pages)|Total swap|Swap cache|\\d{1,20} (?:total )?pages|[Aa]ctive(?:_anon|_file|\\((?:anon|file)\\))?:|lowmem_reserve|protections\\[\\]|' +
  '(?:memory|memory\\+swap|swap|kmem): usage|__alloc_pages: |VM: killing process|\\s{4,60}[a-z_]{4,24}:\\d|Hardware name: |Call [Tt]race:|Kernel panic'
const INVOKED = '\\S.{0,40} invoked oom-killer: '

/** A file that holds a log, by its name: a task may be called kworker/u8:2, too. */
const FILE =
  '(?:[\\w./~@+-]{1,200}/)?(?:[\\w@+-]{0,60}(?:dmesg|messages|syslog|kern|console|journal)[\\w.-]{0,40}|[\\w.@+-]{1,60}\\.(?:log|txt|out|gz|\\d{1,3}))'
/** "web-1  | " (docker compose), "[pod/web-1/app] " (kubectl logs --prefix) */
const CONTAINER = '[\\w.-]{1,80} {1,40}\\| {0,2}|\\[pod/[^\\]]{1,200}\\] '
/** "12:33:17 ", "[12:33:17.123] ": a time of day, which no date goes with */
const CLOCK = '\\[?\\d\\d:\\d\\d:\\d\\d(?:[.,]\\d{1,6})?\\]? {1,4}'
const QUOTE = '["\'`]'

// "messages-20190303.gz:12:Nov  2 14:08:46 …", "1080-[ 9911.1] …", "   12  [  1.234567] …", "(standard input)-Feb 27 …", "- [ 9911.1] …"
const BEFORE_STAMP = new RegExp(
  `^ {0,8}(?:${CLOCK}|(?:[\\w./~@+-]{1,200}|\\(standard input\\))[:-] ?|${CONTAINER}|[-*•·|:#] {1,4}|\\[[A-Za-z][\\w .-]{1,30}\\] |${QUOTE})?(?:\\d{1,9}(?:[:|\\t-]|[.)]?(?= )) {0,4})?(?=${STAMP})`,
)
// "dmesg.txt-12-Mem-Info:", "./var/log/kern.log:Killed process …", "12:Killed process …", "| Killed process …", "`Killed process …`"
const BEFORE_WORDS = new RegExp(
  `^(?:(?:${FILE}|\\(standard input\\))[:-](?:\\d{1,9}[:-])?|\\d{1,9}[:-]|\\s{1,8}\\d{1,9}[|\\t ] {0,4}|${CONTAINER}|\\| {0,4}|${CLOCK}|${QUOTE})(?=${KERNEL}|${INVOKED})`,
)
const KERNEL_WORDS = new RegExp(`^(?:${KERNEL})`)

/** The line without what a search, a pager or a list put around it; null when nothing of the kind stands there. */
export function withoutMarks(line: string): string | null {
  const head = line.length > 300 ? line.slice(0, 300) : line
  const mark = (BEFORE_STAMP.exec(head) ?? BEFORE_WORDS.exec(head))?.[0] ?? ''
  if (mark === '') return null
  const quote = /["'`]$/.exec(mark)?.[0]
  if (quote === undefined) return line.slice(mark.length)
  // Without the other quote the first one is part of the text.
  const end = line.lastIndexOf(quote)
  return end >= mark.length && /^[,;]?$/.test(line.slice(end + 1).trim()) ? line.slice(mark.length, end) : null
}

/** True for a text that begins as the kernel's lines do: its first words are no host and no program. */
export function beginsAsKernel(text: string): boolean {
  return KERNEL_WORDS.test(text.length > 80 ? text.slice(0, 80) : text)
}

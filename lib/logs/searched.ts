/**
 * What people's own tools put in front of the lines of a log: grep's file name and line number (`:` behind a hit, `-`
 * behind a line of context), the number of `cat -n` and `nl`, a pager's or pastebin's.
 */

/** How lines with an envelope begin: enough to tell where the prefix ends. */
const STAMP =
  '[A-Z][a-z]{2} {1,2}\\d{1,2} |\\[ {0,12}\\d{1,10}[.\\-]\\d|\\[[A-Z][a-z]{2} [A-Z][a-z]{2} |\\d{4}-\\d\\d-\\d\\d[T ]|<\\d{1,3}>|\\d{1,5},\\d{1,20},\\d|\\{"'
/** How the kernel's lines begin that are worth finding without one. */
const KERNEL =
  'Out of [Mm]emory|Memory cgroup|Killed process \\d|[Kk]ill process \\d|oom-kill|oom_reaper|Mem-[Ii]nfo|Node \\d|(?:DMA32|DMA|Normal|HighMem)(?: |:)|' +
  '\\[ *(?:pid|\\d{1,10}) *\\] |Task in |Tasks |CPU: |Pid: |Free |Total swap|Swap cache|\\d{1,20} (?:total )?pages|[Aa]ctive|lowmem_reserve|' +
  'memory|swap: |kmem: |__alloc_pages|VM: killing|\\S.{0,40} invoked oom-killer'

/** A file that holds a log, by its name: a task may be called kworker/u8:2, too. */
const FILE =
  '(?:[\\w./~@+-]{1,200}/)?(?:[\\w@+-]{0,60}(?:dmesg|messages|syslog|kern|console|journal)[\\w.-]{0,40}|[\\w.@+-]{1,60}\\.(?:log|txt|out|gz|\\d{1,3}))'
// "messages-20190303.gz:12:Nov  2 14:08:46 …", "1080-[ 9911.1] …", "   12\t[  1.234567] …", "(standard input)-Feb 27 …"
const BEFORE_STAMP = new RegExp(
  `^ {0,8}(?:(?:[\\w./~@+-]{1,200}|\\(standard input\\))[:-] ?)?(?:\\d{1,9}[:\\-\\t|] ?)?(?=${STAMP})`,
)
// "dmesg.txt-12-Mem-Info:", "./var/log/kern.log:Killed process …", "12:Killed process …": the name of a file, or a number
const BEFORE_WORDS = new RegExp(
  `^(?:(?:${FILE}|\\(standard input\\))[:-](?:\\d{1,9}[:-])?|\\d{1,9}[:-]|\\s{1,8}\\d{1,9}[\\t|] ?)(?=${KERNEL})`,
)

/** The line without what a search or a pager put before it; null when nothing of the kind stands there. */
export function withoutSearchPrefix(line: string): string | null {
  const head = line.length > 300 ? line.slice(0, 300) : line
  const prefix = (BEFORE_STAMP.exec(head) ?? BEFORE_WORDS.exec(head))?.[0] ?? ''
  return prefix === '' ? null : line.slice(prefix.length)
}

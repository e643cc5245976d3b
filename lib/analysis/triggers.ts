/**
 * Words without which no line tells of memory trouble. A line without any of them is never looked at, unless it stands
 * near one that does; so a word too many costs time, a word too few costs a fact. Each begins with three plain characters
 * or more (lib/analysis/trigger-finder.ts).
 */
export const TRIGGER_WORDS = [
  'oom',
  'OOM',
  'Oom',
  'emory',
  'em-info',
  'em-Info',
  'illed process',
  'ill process',
  'illing process',
  'invoked ',
  // Parts of a report whose beginning is not in the text
  'all_unreclaimable',
  'lowmem_reserve',
  'protections\\[\\]',
  'pages (?:of )?RAM',
  'wap cache',
  'Free swap',
  'Total swap',
  'hugepages_',
  'pid *\\] +(?:uid|ppid|tgid)',
  'ctive_anon:',
  'nactive:\\d',
  'failcnt ',
  '\\*4096kB',
  '-order allocation failed',
  'allocation failure',
  'vmalloc error',
  'OutOfMemory',
  'Linux version ',
  'Kernel panic',
  'blocked for more than',
  'soft lockup',
  'callbacks suppressed',
  'messages suppressed',
  'printk messages dropped',
  'lost \\d+ messages',
  'Suppressed \\d+ messages',
  'owmemorykiller',
  'send sigkill to ',
  'sending SIG',
  'Killed /',
  '\\b9/KILL',
  'swap full',
  'virtual memory exhausted',
  'bad_alloc',
  'System is rebooting',
  'rebooting',
  'Reboot',
  'low on resource',
  'exitCode=137',
  'mem avail',
  'lmkd',
  'nohang',
  'load average: ',
  // First lines of ps, lsof, free and /proc/meminfo, pasted into a log
  'COMMAND',
  'TIME CMD',
  'total  ',
  'MemTotal:',
  // Advice pasted beside a log
  'drop_caches',
  'swappiness',
  'alert (?:firing|resolved): ',
] as const

/** Finds trigger words in a block of lines; set `lastIndex` before use. */
export function createTriggerPattern(): RegExp {
  return new RegExp(TRIGGER_WORDS.join('|'), 'g')
}

/** A message with one of these that no source understands is listed as suspicious. */
export const SUSPICIOUS =
  /\boom(?:\b|[-_ ]?kill)|out[ -]of[ -]memory|killed process|killing process|cannot allocate memory|memory (?:exhausted|pressure|shortage)|(?:low|insufficient) (?:on )?memory|not enough memory|allocation fail/i

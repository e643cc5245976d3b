import { expect, test } from 'vitest'
import { joined } from '@/lib/oom/unwrap'

test.each([
  ['Killed ', 'process 1968 (x) total-vm:1kB'],
  ['Out of memory: Killed process 274557 (rsyslogd) ', 'total-vm:957964kB, anon-rss:640kB, file-rss:46496kB,'],
  ['Active:1064 inactive:1277 dirty:0', 'writeback:0 unstable:0 free:1471 slab:120604'],
  ['DMA free:2068kB min:88kB', 'high:132kB active:28kB present:16384kB'],
  ['Normal free:3816kB min:2800kB low:3500kB active:4kB present:507072kB', 'pages_scanned:4037 all_unreclaimable? no'],
  ['[ pid ] uid tgid total_vm rss', 'pgtables_bytes swapents oom_score_adj name'],
  ['[ 718] 0 718 40965 29598 368640 0 -250', 'systemd-journal'],
  ['Node 2 hugepages_total=0 hugepages_free=0', 'hugepages_surp=0 hugepages_size=2048kB'],
  ['df_inode invoked oom-killer: gfp_mask=0xd0,', 'order=0, oomkilladj=0'],
  ['Out of memory in UB 1234: OOM', 'killed process 21738 (php-cgi) score 0 vm:281988kB, rss:17004kB, swap:0kB'],
])('a mailer broke "%s" before "%s"', (message, next) => {
  expect(joined({ text: message, lastRaw: message, isFullWidth: false }, next)).toBe(`${message.trimEnd()} ${next}`)
})

test('a book marks the rest of a line that it broke', () => {
  const text = '[ pid ]   uid  tgid total_vm'
  expect(joined({ text, lastRaw: text, isFullWidth: false }, '↪rss nr_ptes name')).toBe(`${text} rss nr_ptes name`)
})

test('a console breaks at 80 columns, in the middle of a word', () => {
  const raw = 'Out of memory: Killed process 4711 (java) total-vm:8000000kB, anon-rss:3600000kB'
  expect(raw).toHaveLength(80)
  expect(joined({ text: raw, lastRaw: raw, isFullWidth: false }, ', file-rss:12kB')).toBe(`${raw}, file-rss:12kB`)
  const cut = '[ 9911.1] [    510]     0   510     1811      402    49152        0            1'
  expect(cut).toHaveLength(80)
  expect(joined({ text: cut.slice(10), lastRaw: cut, isFullWidth: false }, '00 sh')).toBe(`${cut.slice(10)}00 sh`)
})

test('a terminal of another width breaks like that where several lines are as long', () => {
  const raw = `Nov 12 12:30:02 web kernel: [ 4358]  1000  4358  2853387  1773446    5578      13  1074744             1`
  const text = raw.slice(28)
  expect(joined({ text, lastRaw: raw, isFullWidth: true }, '00 bash')).toBe(`${text}00 bash`)
  expect(joined({ text, lastRaw: raw, isFullWidth: false }, '00 bash')).toBe(`${text} 00 bash`)
})

test.each([
  ['Normal free:12224kB active:378956kB inactive:1', '3184kB present:506880kB'],
  ['Node 0 Normal free:12224kB active_an', 'on:378956kB inactive:13184kB'],
  ['( Active: 751019/108024, inactive_laundry:', '22111, free: 3951 )'],
  ['[ pid ]   uid  tgid total_vm      rss oom_score', '_adj name'],
])('a word torn in two, "%s" and "%s", is one', (message, next) => {
  expect(joined({ text: message, lastRaw: message, isFullWidth: false }, next)).toBe(message + next)
})

test.each([
  ['Memory cgroup out of memory:', 'Killed process 511 (batch) total-vm:1kB, anon-rss:1kB, file-rss:1kB'],
  ['Memory cgroup out of', 'memory: Killed process 511 (batch) total-vm:1kB, anon-rss:1kB, file-rss:1kB'],
  ['Tasks in', '/jobs.slice are going to be killed due to memory.oom.group set'],
  ['CPU: 3 PID: 311 Comm: kworker/u8:2 Not tainted', '6.8.0-31-generic #31-Ubuntu'],
  ['Memory cgroup stats for /docker/9f: cache:0KB', 'active_anon:69840KB inactive_file:0KB'],
  ['DMA free:2068kB min:88kB low:108kB high:132kB', 'active:28kB inactive:0kB present:16384kB'],
])('"%s" goes on with "%s", though that could begin a line', (message, next) => {
  expect(joined({ text: message, lastRaw: message, isFullWidth: false }, next)).toBe(`${message} ${next}`)
})

test.each([
  ['a remark after a whole kill line', 'Killed process 4402 (apache2)', 'and then (at noon) the site was down'],
  ['the next line of the report', 'DMA free:2068kB min:88kB', 'lowmem_reserve[]: 0 0 495 495'],
  ['an elision', '[ 718] 0 718 40965 29598 368640 0 -250', '<...snip...>'],
  ['nothing', 'Killed ', '   '],
  ['text after a whole line', 'Swap cache: add 1, delete 2, find 3/4, race 0+0', 'add 5'],
])('%s is not joined', (_, message, next) => {
  expect(joined({ text: message, lastRaw: message, isFullWidth: false }, next)).toBeNull()
})

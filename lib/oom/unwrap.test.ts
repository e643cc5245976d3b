import { expect, test } from 'vitest'
import { joined } from '@/lib/oom/unwrap'

test.each([
  ['Killed ', 'process 1968 (x) total-vm:1kB'],
  ['Out of memory: Killed process 274557 (rsyslogd) ', 'total-vm:957964kB, anon-rss:640kB, file-rss:46496kB,'],
  ['Active:1064 inactive:1277 dirty:0', 'writeback:0 unstable:0 free:1471 slab:120604'],
  ['DMA free:2068kB min:88kB', 'high:132kB active:28kB present:16384kB'],
  ['[ pid ] uid tgid total_vm rss', 'pgtables_bytes swapents oom_score_adj name'],
  ['[ 718] 0 718 40965 29598 368640 0 -250', 'systemd-journal'],
  ['Node 2 hugepages_total=0 hugepages_free=0', 'hugepages_surp=0 hugepages_size=2048kB'],
  ['df_inode invoked oom-killer: gfp_mask=0xd0,', 'order=0, oomkilladj=0'],
  ['Out of memory in UB 1234: OOM', 'killed process 21738 (php-cgi) score 0 vm:281988kB, rss:17004kB, swap:0kB'],
])('a mailer broke "%s" before "%s"', (message, next) => {
  expect(joined(message, message, next)).toBe(`${message.trimEnd()} ${next}`)
})

test('a book marks the rest of a line that it broke', () => {
  expect(joined('[ pid ]   uid  tgid total_vm', '[ pid ]   uid  tgid total_vm', '↪rss nr_ptes name')).toBe(
    '[ pid ]   uid  tgid total_vm rss nr_ptes name',
  )
})

test('a console breaks at 80 columns, in the middle of a number', () => {
  const raw = 'Normal free:12224kB min:2800kB low:3500kB high:4200kB active:378956kB inactive:1'
  expect(raw).toHaveLength(80)
  expect(joined(raw, raw, '3184kB present:506880kB')).toBe(`${raw}3184kB present:506880kB`)
  expect(joined(raw, `${raw} `, '3184kB present:506880kB')).toBe(`${raw} 3184kB present:506880kB`)
})

test.each([
  ['a remark after a whole kill line', 'Killed process 4402 (apache2)', 'and then (at noon) the site was down'],
  ['the next line of the report', 'DMA free:2068kB min:88kB', 'lowmem_reserve[]: 0 0 495 495'],
  ['an elision', '[ 718] 0 718 40965 29598 368640 0 -250', '<...snip...>'],
  ['nothing', 'Killed ', '   '],
  ['text after a whole line', 'Swap cache: add 1, delete 2, find 3/4, race 0+0', 'add 5'],
])('%s is not joined', (_, message, next) => {
  expect(joined(message, message, next)).toBeNull()
})

import { expect, test } from 'vitest'
import { withoutMarks } from '@/lib/logs/pasted-line'
import { createDecoder } from '@/lib/logs/registry'

test.each([
  ['messages-Feb 27 08:10:11 rho kernel: Mem-Info:', 'Feb 27 08:10:11 rho kernel: Mem-Info:'],
  ['mail-Feb 27 08:10:11 rho kernel: Mem-Info:', 'Feb 27 08:10:11 rho kernel: Mem-Info:'],
  ['./host 1/kern.log:Feb 27 08:10:11 rho kernel: x', null],
  ['1080-[ 9911.100000] Mem-Info:', '[ 9911.100000] Mem-Info:'],
  ['syslog.1-12-2024-03-13T11:16:48+00:00 rho kernel: x', '2024-03-13T11:16:48+00:00 rho kernel: x'],
  ['    12\t[Fri Oct  2 14:14:07 2026] Mem-Info:', '[Fri Oct  2 14:14:07 2026] Mem-Info:'],
  ['kmsg.txt-6,1234,5678901,-;Mem-Info:', '6,1234,5678901,-;Mem-Info:'],
  ['dmesg.txt:Out of memory: Killed process 4100 (java) ', 'Out of memory: Killed process 4100 (java) '],
  ['dmesg-7-oom_reaper: reaped process 4100 (java)', 'oom_reaper: reaped process 4100 (java)'],
  ['12:Killed process 4101 (java) total-vm:8kB', 'Killed process 4101 (java) total-vm:8kB'],
  ['12  [  12.300000] Mem-Info:', '[  12.300000] Mem-Info:'],
  ['3. Feb 27 08:10:11 rho kernel: x', 'Feb 27 08:10:11 rho kernel: x'],
  ['- [  12.300000] Mem-Info:', '[  12.300000] Mem-Info:'],
  ['| Killed process 4101 (java)', 'Killed process 4101 (java)'],
  ['web-1  | [  12.300000] Mem-Info:', '[  12.300000] Mem-Info:'],
  ['[pod/web-1/app] Out of memory: Killed process 4101 (java)', 'Out of memory: Killed process 4101 (java)'],
  ['`Out of memory: Killed process 4101 (java)`', 'Out of memory: Killed process 4101 (java)'],
  ['"[  12.300000] Mem-Info:",', '[  12.300000] Mem-Info:'],
])('%s', (line, rest) => {
  expect(withoutMarks(line)).toBe(rest)
})

test.each([
  'sshd: Out of memory: Killed process 1 (init)',
  'worker-3: Out of memory: Killed process 1 (init)',
  'note: Killed process 4101 (java)',
  '12 Killed process 4101 (java)',
  '# Out of memory: Killed process 4101 (java)',
  '`Out of memory: Killed process 4101 (java)` is what the log says',
  'kworker/u8:2 invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=2, oom_score_adj=0',
  'oom02:4583 invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=2, oom_score_adj=0',
  'Killed process 4101 (java)',
])('%s has no such prefix', (line) => {
  expect(withoutMarks(line)).toBeNull()
})

test('a month is a word of letters', () => {
  expect(createDecoder()('mail-Feb 27 08:10:11 rho kernel: x')).toMatchObject({ time: { month: 2 }, host: 'rho' })
})

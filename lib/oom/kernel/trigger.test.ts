import { describe, expect, test } from 'vitest'
import { readAllocationFailure, readTaskLine, readTrigger } from '@/lib/oom/kernel/trigger'

test.each([
  ['oom-killer: gfp_mask=0x1d2', null, '0x1d2', null],
  ['oom-killer: gfp_mask=0x201d2, order=0', null, '0x201d2', 0],
  ['smbd invoked oom-killer: gfp_mask=0x1201d2, order=0, oomkilladj=0', 'smbd', '0x1201d2', 0],
  ['CPU 0/KVM invoked oom-killer: gfp_mask=0xd0, order=1, oom_adj=0, oom_score_adj=0', 'CPU 0/KVM', '0xd0', 1],
  [
    'a:b invoked oom-killer: gfp_mask=0x14200ca(GFP_HIGHUSER_MOVABLE), nodemask=(null),  order=0, oom_score_adj=0',
    'a:b',
    '0x14200ca',
    0,
  ],
  ['kworker/0:0 invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=-1, oom_score_adj=0', 'kworker/0:0', '0xcc0', -1],
])('%s', (message, comm, gfpMask, order) => {
  expect(readTrigger(message)).toMatchObject({ kind: 'oom', comm, gfpMask, order })
})

test('a sentence about the OOM killer is no trigger', () => {
  expect(readTrigger('the process that invoked oom-killer was java')).toBeNull()
  expect(readTrigger('OOM killer enabled.')).toBeNull()
})

test.each([
  ['kcryptd/0: page allocation failure. order:3, mode:0x20', 'kcryptd/0', 3, '0x20'],
  ['swapper/0: page allocation failure: order:4, mode:0x2084020(GFP_ATOMIC|__GFP_COMP)', 'swapper/0', 4, '0x2084020'],
  ['__alloc_pages: 1-order allocation failed (gfp=0x1f0/0)', null, 1, '0x1f0'],
])('%s kills nobody', (message, comm, order, gfpMask) => {
  expect(readAllocationFailure(message)).toMatchObject({ kind: 'allocation-failure', comm, order, gfpMask })
})

describe('the task on the CPU', () => {
  test.each([
    ['Pid: 2757, comm: smbd Not tainted 2.6.24.2 #1', 2757, 'smbd', '2.6.24.2'],
    ['CPU: 4 PID: 29481 Comm: sed Not tainted 3.10.0-514.6.1.el7.x86_64 #1', 29481, 'sed', '3.10.0-514.6.1.el7.x86_64'],
    [
      'CPU: 2 PID: 11554 Comm: thrash Kdump: loaded Tainted: G          I    ------------ T 3.10.0-862.el7.x86_64 #1',
      11554,
      'thrash',
      '3.10.0-862.el7.x86_64',
    ],
    ['CPU: 0 PID: 9 Comm: x Tainted: P           OX 3.13.0-24-generic #46', 9, 'x', '3.13.0-24-generic'],
    [
      'CPU: 1 UID: 104 PID: 1073875 Comm: postgres Not tainted 6.16.9+deb14-amd64 #1 PREEMPT(lazy)',
      1073875,
      'postgres',
      '6.16.9+deb14-amd64',
    ],
    ['CPU: 0 PID: 7 Comm: a b c Not tainted 6.1.0 #1', 7, 'a b c', '6.1.0'],
  ])('%s', (message, pid, comm, release) => {
    expect(readTaskLine(message)).toEqual({ pid, comm, release })
  })
})

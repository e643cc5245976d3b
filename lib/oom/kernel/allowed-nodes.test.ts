import { expect, test } from 'vitest'
import { mergeAllowedNodes, readAllowedNodes } from '@/lib/oom/kernel/allowed-nodes'

test.each([
  [
    'oom-kill:constraint=CONSTRAINT_MEMORY_POLICY,nodemask=0,2,cpuset=batch,mems_allowed=0-3,task_memcg=/,task=a,pid=5,uid=0',
    { nodemask: '0,2', cpuset: 'batch', mems: '0-3' },
  ],
  [
    'oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0-1,global_oom,task_memcg=/,task=a,pid=5,uid=0',
    { nodemask: null, cpuset: '/', mems: '0-1' },
  ],
  ['batchd cpuset=nightly mems_allowed=1', { nodemask: null, cpuset: 'nightly', mems: '1' }],
  [
    'mongod invoked oom-killer: gfp_mask=0x24280ca(GFP_HIGHUSER_MOVABLE|__GFP_ZERO), nodemask=0, order=0, oom_score_adj=0',
    { nodemask: '0', cpuset: null, mems: null },
  ],
])('%s', (message, expected) => {
  expect(readAllowedNodes(message, 7)).toEqual({ line: 7, ...expected })
})

test('a request without a policy says nothing about nodes', () => {
  expect(readAllowedNodes('app invoked oom-killer: gfp_mask=0x1, nodemask=(null), order=0', 1)).toBeNull()
  expect(readAllowedNodes('Out of memory: Killed process 5 (cpuset=x)', 1)).toBeNull()
})

test('what several lines print is one fact, on the line of the policy', () => {
  const policy = { line: 1, nodemask: '0', cpuset: null, mems: null }
  const cpuset = { line: 2, nodemask: null, cpuset: '/', mems: '0-1' }
  expect(mergeAllowedNodes(policy, cpuset)).toEqual({ line: 1, nodemask: '0', cpuset: '/', mems: '0-1' })
})

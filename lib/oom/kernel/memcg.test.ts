import { describe, expect, test } from 'vitest'
import { type MemcgReading, readMemcgLine, readOomKill } from '@/lib/oom/kernel/memcg'

function readAll(lines: string[]): MemcgReading {
  const reading: MemcgReading = { memcg: null, pathLine: null, isInStats: false, statsHeaders: 0, statsPath: null }
  lines.forEach((line, index) => {
    readMemcgLine(line, index + 1, reading)
  })
  return reading
}

test.each(['9007199254740991', '9007199254740988', '18014398509481983', '18014398509481951'])(
  '%s kB is no limit',
  (kib) => {
    const { memcg } = readAll([`memory: usage 1024kB, limit ${kib}kB, failcnt 0`])
    expect(memcg?.memory).toEqual({ line: 1, usageKib: 1024, limitKib: null, failcnt: 0 })
  },
)

test("the first path is the victim's group, the second the one whose limit was hit", () => {
  const { memcg } = readAll(['Task in /1/2 killed as a result of limit of /1'])
  expect(memcg).toMatchObject({ victimPath: '/1/2', limitPath: '/1' })
})

test('statistics of one line are kilobytes, those of many lines bytes', () => {
  expect(readAll(['Memory cgroup stats for /x:cache:108KB rss:200KB ']).memcg?.stats).toEqual({
    cache: 110592,
    rss: 204800,
  })
  expect(
    readAll(['Memory cgroup stats for /x:', 'anon 4096', 'a_key_of_tomorrow 7', 'Tasks state', 'anon 1']).memcg?.stats,
  ).toEqual({
    anon: 4096,
    a_key_of_tomorrow: 7,
  })
})

test('statistics of the groups below do not replace those of the group that hit its limit', () => {
  const { memcg } = readAll(['Memory cgroup stats for /a: cache:1KB', 'Memory cgroup stats for /a/b: cache:2KB'])
  expect(memcg?.stats).toEqual({ cache: 1024 })
})

describe('oom-kill:', () => {
  test('names may hold commas and what looks like fields', () => {
    const line =
      'oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0-1,oom_memcg=/a,b,task_memcg=/a,b/c,task=x,pid=1,y,pid=17273,uid=0'
    expect(readOomKill(line)).toEqual({
      constraint: 'memcg',
      limitPath: '/a,b',
      victimPath: '/a,b/c',
      comm: 'x,pid=1,y',
      pid: 17273,
      uid: 0,
    })
  })

  test('a line that is cut off tells nothing of what is cut', () => {
    const line =
      'oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=/a,task_memcg=/in'
    expect(readOomKill(line)).toEqual({
      constraint: 'memcg',
      limitPath: '/a',
      victimPath: null,
      comm: null,
      pid: null,
      uid: null,
    })
  })

  test('outside a cgroup the limit has no path', () => {
    const line =
      'oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,task_memcg=/s,task=x,pid=5,uid=1000'
    expect(readOomKill(line)).toMatchObject({ constraint: 'none', limitPath: null, victimPath: '/s', pid: 5 })
  })
})

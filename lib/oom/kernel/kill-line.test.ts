import { describe, expect, test } from 'vitest'
import { readChoice, readKilled } from '@/lib/oom/kernel/kill-line'

describe('the line that names the victim', () => {
  test.each([
    ['Out of Memory: Killed process 22073 (mysqld).', 22073, 'mysqld', 'none'],
    ['Out of memory: Killed process 5, UID 99, (httpd).', 5, 'httpd', 'none'],
    ['Killed process 9682, UID 27, (mysqld) total-vm:1kB, anon-rss:2kB, file-rss:3kB', 9682, 'mysqld', 'unknown'],
    ['Killed process 9 (x), UID 26, total-vm:1kB, anon-rss:2kB, file-rss:3kB', 9, 'x', 'unknown'],
    ['Memory cgroup out of memory: Killed process 7 (a b) total-vm:1kB, anon-rss:2kB', 7, 'a b', 'memcg'],
    ['No available memory (MPOL_BIND): Killed process 8 (sim).', 8, 'sim', 'memory-policy'],
    ['No available memory in cpuset: Killed process 8 (sim).', 8, 'sim', 'cpuset'],
    ['Out of memory (oom_kill_allocating_task): Killed process 3 (y) total-vm:1kB', 3, 'y', 'none'],
    ['VM: killing process watchdog', null, 'watchdog', 'unknown'],
  ])('%s', (message, pid, comm, constraint) => {
    expect(readKilled(message)).toMatchObject({ pid, comm, constraint })
  })

  test('a task name may contain parentheses', () => {
    const line = 'Out of memory: Killed process 812 ((sd-pam)) total-vm:1024kB, anon-rss:512kB, file-rss:0kB'
    expect(readKilled(line)).toMatchObject({ pid: 812, comm: '(sd-pam)', totalVmKib: 1024 })
  })

  test('a task name that imitates what follows it does not change the numbers', () => {
    const line = 'Killed process 5 (x) total-vm:9) total-vm:1024kB, anon-rss:512kB, file-rss:4kB'
    expect(readKilled(line)).toMatchObject({ comm: 'x) total-vm:9', totalVmKib: 1024, anonRssKib: 512 })
  })

  test('a name that the end of the line cuts off is unknown', () => {
    expect(readKilled('Out of memory: Killed process 812 (mysq')).toMatchObject({ pid: 812, comm: null })
  })

  test('the newest form tells user, page tables and adjustment', () => {
    const line =
      'Out of memory: Killed process 955 (gnome-shell) total-vm:3289540kB, anon-rss:77868kB, file-rss:107372kB, shmem-rss:12kB, UID:121 pgtables:788kB oom_score_adj:-250'
    expect(readKilled(line)).toEqual({
      pid: 955,
      comm: 'gnome-shell',
      uid: 121,
      score: null,
      constraint: 'none',
      totalVmKib: 3289540,
      anonRssKib: 77868,
      fileRssKib: 107372,
      shmemRssKib: 12,
      pageTablesKib: 788,
      oomScoreAdj: -250,
    })
  })

  test.each([
    'oom_reaper: reaped process 5 (x), now anon-rss:0kB',
    'Invalid user Out of memory: Killed process 1 (init)',
    'tried to kill init!',
    'Out of memory and no killable processes...',
    'Memory cgroup out of memory: OOM victim 71 (dd) is already exiting. Skip killing the task',
  ])('is not: %s', (message) => {
    expect(readKilled(message)).toBeNull()
  })
})

describe("the kernel's choice", () => {
  test.each([
    ['Out of Memory: Kill process 2741 (winbindd) score 48211 and children.', 2741, 48211, 'none'],
    ['Out of memory: kill process 4399 (apache2) score 60211 or a child', 4399, 60211, 'none'],
    ['Memory cgroup out of memory: Kill process 7 (x) score 1969 or sacrifice child', 7, 1969, 'memcg'],
  ])('%s', (message, pid, score, constraint) => {
    expect(readChoice(message)).toMatchObject({ pid, score, constraint })
  })

  test('a process that only shares the memory is not chosen', () => {
    expect(readChoice('Kill process 8 (java) sharing same memory')).toBeNull()
  })
})

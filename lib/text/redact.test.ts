import { expect, test } from 'vitest'
import { createRedactor } from '@/lib/text/redact'

/** Each of a new redactor. */
function redacted(text: string): string {
  const redactor = createRedactor()
  redactor.survey(text)
  return redactor.redact(text)
}

test.each([
  ['Nov 2 14:08:46 up 3 days, load 10/20/30, 3421941/3421941, 5*4kB = 20kB, 11 of 128 pages'],
  ['Node 0 DMA32 free:100kB min:28kB lowmem_reserve[]: 0 3 8 mm/oom_kill.c vm.swappiness memory.oom.group'],
  ['Call Trace: </TASK> RIP: 0010:oom_kill_process+0x1/0x2 RSP: 002b:00007ffd0492b298 ffffffff8118e1f2'],
  ['kworker/0:1 std::bad_alloc 14:08:46 2007-11-02T14:08:46.123456+00:00 java.lang.OutOfMemoryError'],
  ['task_memcg=/user.slice/user-1000.slice/user@1000.service/init.scope,cpuset=/ /proc/sys/vm/drop_caches'],
  ['nginx.service: A process of this unit has been killed by the OOM killer, gfp_mask=0x280da'],
])('nothing in %s names anybody', (text) => {
  expect(redacted(text)).toBe(text)
})

test.each([
  ['from 192.0.2.7 port 22', 'from ip-1 port 22'],
  ['[2001:db8::1]:443 and fe80::1%eth0', '[ip-1]:443 and ip-2'],
  ['ether 52:54:00:aa:bb:cc', 'ether mac-1'],
  ['mail ada@example.org, root@db07', 'mail email-1, email-2'],
  ['see https://wiki.example.org/runbook?id=7 now', 'see url-1 now'],
  ['core in /srv/billing/core.812: full', 'core in /path-1: full'],
  ['opened "/srv/two words/x" twice', 'opened "/path-1" twice'],
  ['wrote billing-2026.log', 'wrote /path-1'],
  ['limit of /docker/555fa75e9e7d3e552337365e093719a6ec9379ef98907fca8d6f3328054cdb42', 'limit of /docker/id-1'],
  ['/system.slice/billing-web.service', '/system.slice/group-1.service'],
  ['io.kubernetes.container.name=notebook, x=1', 'io.kubernetes.container.name=name-1, x=1'],
  [
    'sending SIGTERM to process 9 "java": badness 7, cmdline "java -jar secret.jar"',
    'sending SIGTERM to process 9 "java": badness 7, cmdline command-1',
  ],
  ['Kernel command line: root=UUID=1 quiet host=x', 'Kernel command line: command-1'],
  ['session opened for user ada by ada', 'session opened for user user-1 by user-1'],
])('%s becomes %s', (text, hidden) => {
  expect(redacted(text)).toBe(hidden)
})

test('a name is hidden in any case and inside longer words, a short one only as a word', () => {
  const redactor = createRedactor()
  redactor.insist('host', 'orchid')
  redactor.insist('host', 'db')
  expect(redactor.redact('ORCHID-eth0 backup_orchids db dbus db-old')).toBe(
    'host-1-eth0 backup_host-1s host-2 dbus host-2-old',
  )
})

test('lines built to make expressions backtrack are answered', () => {
  const long = 65_536
  for (const text of [
    'a.'.repeat(long / 2),
    'a-'.repeat(long / 2),
    '/'.repeat(long),
    'a@'.repeat(long / 2),
    ':'.repeat(long),
    '"/'.repeat(long / 2),
    '1.'.repeat(long / 2),
    'user '.repeat(long / 5),
    'f'.repeat(long),
    'a/'.repeat(long / 2),
    'x='.repeat(long / 2),
    'a.name'.repeat(long / 6),
  ]) {
    expect(redacted(text).length).toBeGreaterThan(0)
  }
})

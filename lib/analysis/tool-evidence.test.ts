import { expect, test } from 'vitest'
import { analyzeText } from '@/lib/analysis/file-reader'
import type { SourceHints } from '@/lib/source'

const PS = `USER         PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND
root           1  0.0  0.1 168140  13312 ?       Ss   Nov20   0:09 /sbin/init
app          812  9.0 40.0 900000 409600 ?       Sl   02:41   0:07 /usr/bin/java -jar a.jar
app          813  9.0 40.0 900000 204800 ?       Sl   02:41   0:07 /usr/bin/java -jar b.jar
`

const TREE = `UID          PID    PPID  C STIME TTY          TIME CMD
root           1       0  0 Nov20 ?        00:00:09 /sbin/init
root          50       1  0 Nov20 ?        00:00:01 /usr/sbin/apache2 -k start
www-data      51      50  0 Nov20 ?        00:00:01  \\_ /usr/sbin/apache2 -k start
www-data      52      50  0 Nov20 ?        00:00:01  \\_ /usr/sbin/apache2 -k start
`

const LSOF = `COMMAND     PID   USER   FD      TYPE             DEVICE   SIZE/OFF       NODE NAME
java        812    app  cwd       DIR              259,1       4096          2 /
java        812    app   44w      REG              259,1 2147483648     131077 /var/log/app.log (deleted)
sshd         40   root    3u     IPv4              20211        0t0        TCP *:22 (LISTEN)
`

function hints(modifiedAt: number | null): SourceHints {
  return { name: 'ps.txt', host: 'web-07', zone: null, year: null, modifiedAt, receivedAt: null }
}

test('a process list is evidence on the timeline: its largest process as printed, and totals by program', () => {
  expect(analyzeText(PS, hints(1795488106000)).events).toEqual([
    {
      kind: 'snapshot',
      stamp: { text: null, at: 1795488106000, uptimeSeconds: null },
      host: 'web-07',
      lines: { source: 'ps.txt', from: 2, to: 4 },
      message: 'app          812  9.0 40.0 900000 409600 ?       Sl   02:41   0:07 /usr/bin/java -jar a.jar',
      severity: 'info',
      detail: { processes: 3, programs: 'java (2): 614,400\u00a0kB · init (1): 13,312\u00a0kB' },
    },
  ])
})

test('without a time it has no place on the timeline', () => {
  expect(analyzeText(PS, hints(null)).events).toEqual([])
})

test('a list without sizes tells its tree and the commonest programs', () => {
  const [event] = analyzeText(TREE, hints(1795488106000)).events
  expect(event?.detail).toEqual({ processes: 4, programs: null, families: 'apache2 50 → 2 · apache2 × 3' })
})

test('open files are evidence, with what was deleted and is still held', () => {
  const [event] = analyzeText(LSOF, hints(1795488106000)).events
  expect(event).toMatchObject({ kind: 'snapshot', stamp: { at: 1795488106000 }, lines: { from: 1, to: 4 } })
  expect(event?.detail).toEqual({
    processes: 2,
    files: 3,
    holders: 'java 812: 2 (2\u00a0GiB deleted) · sshd 40: 1',
  })
})

test('a control group is evidence, as its file tells it', () => {
  const stat = 'anon 1048576\nfile 4096\ninactive_anon 0\nactive_anon 1048576\n'
  const [event] = analyzeText(stat, hints(1795488106000)).events
  expect(event?.detail).toEqual({ amounts: 'anonymous 1\u00a0MiB · file 4\u00a0KiB' })
})

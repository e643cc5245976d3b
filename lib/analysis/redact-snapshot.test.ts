import { expect, test } from 'vitest'
import { redactSnapshot } from '@/lib/analysis/redact-snapshot'
import type { ShareSnapshot } from '@/lib/analysis/share'
import { aKill, aReport } from '@/lib/incidents/facts-for-tests'
import { message } from '@/lib/text/catalogue'

const GROUP =
  '/kubepods.slice/kubepods-pod1f0c33aa_52b7_4c11_9d4e_0123456789ab.slice/cri-containerd-4be17a6f03d9c4be17a6f03d9c4be17a6f03d9c4be17a6f03d9c4be17a6f03d9.scope'

const SNAPSHOT: ShareSnapshot = {
  frozenAt: 0,
  range: null,
  samples: [{ at: 1000, memTotal: 268_435_456 }],
  incident: {
    id: 'incidentcanary',
    hostId: 'hostidcanary',
    hostname: 'orchid7',
    kernel: '2.6.18.8-0.1',
    isTimeUncertain: false,
    isSample: false,
    end: 'last-kill',
    from: null,
    to: null,
    assumptions: [{ what: 'year', value: '2026', why: 'the file name tulip-report-2026.log', isEvidenced: true }],
    class: 'cgroup-limit',
    confidence: 'high',
    pattern: 'unknown',
    hog: null,
    fingerprint: 'cgroup-limit|memcg|/kubepods.slice/pod*||mysqld+lilybilling',
    title: { lead: message('title.killed', { victim: 'lilybilling', cgroup: null, host: 'orchid7' }), rest: [] },
    findings: [],
    events: [
      {
        kind: 'service-killed',
        stamp: { text: 'Nov 2 14:08:50', at: null, uptimeSeconds: null },
        host: 'orchid7',
        lines: { source: 'uploadcanary', from: 4, to: 4 },
        message: 'peony-shop.service: A process of this unit has been killed by the OOM killer.',
        severity: 'critical',
        detail: { unit: 'peony-shop.service', by: 'begonia-agent.service', what: 'seen on dahlia44' },
      },
    ],
    reports: [aReport({ host: 'orchid7', kernel: '2.6.18.8-0.1' })],
    kills: [
      aKill({ comm: 'lilybilling', host: 'orchid7', cgroup: GROUP, pid: 4321 }),
      aKill({ comm: 'mysqld', index: 1, line: 2, host: 'orchid7', cgroup: '/system.slice/mysqld.service' }),
    ],
  },
  notes: [
    {
      id: 'notecanary',
      incidentId: 'incidentcanary',
      at: null,
      isAtUncertain: false,
      isOtherBoot: false,
      text: 'Ask daisy.field@garden.example; /home/rosebush/jobs was full, user violet too. The twin is poppy03, at 198.51.100.7 and 2001:db8::17.',
      author: 'Iris Meadow',
      createdAt: 5,
    },
  ],
  lines: {
    uploadcanary: [
      { line: 1, text: 'Nov  2 14:08:46 orchid7 kernel: Free pages: 12744kB (0kB HighMem), 3421941/3421941' },
      { line: 2, text: 'Nov  2 14:08:47 orchid7 kernel: Killed process 4321 (lilybilling) total-vm:1024kB' },
      { line: 3, text: `Nov  2 14:08:48 orchid7 kernel: oom-kill:task_memcg=${GROUP},task=lilybilling,pid=4321` },
      {
        line: 4,
        text: 'Nov  2 14:08:50 orchid7 systemd[1]: peony-shop.service: A process of this unit has been killed',
      },
      { line: 5, text: 'Nov  2 14:08:51 aster sshd[77]: Accepted publickey for rosebush from 198.51.100.7 port 22' },
      {
        line: 6,
        text: 'Nov  2 14:08:52 orchid7 sudo: violet : TTY=pts/0 ; PWD=/srv/clover ; COMMAND=/bin/grep fern x',
      },
      {
        line: 7,
        text: 'Nov  2 14:08:53 orchid7.garden.example CRON[5]: (thistle) CMD (/opt/heather/run --key=saffron)',
      },
    ],
  },
}

const KNOWN = { hosts: ['orchid7', 'lupin'], users: ['Iris Meadow'], files: ['tulip-report-2026.log'] }

test('no name of a machine, person, place or product is left anywhere in a redacted snapshot', () => {
  const text = JSON.stringify(redactSnapshot(SNAPSHOT, KNOWN)).toLowerCase()
  const canaries = `orchid lily peony aster rosebush violet clover fern thistle heather saffron daisy garden poppy iris tulip
    begonia dahlia 198.51 2001:db8 4be17a 1f0c33aa incidentcanary hostidcanary notecanary uploadcanary`
  expect(canaries.split(/\s+/).filter((canary) => text.includes(canary))).toEqual([])
})

test('figures, times, public programs and the release of the kernel stay', () => {
  const { incident, lines, samples } = redactSnapshot(SNAPSHOT, KNOWN)
  const [free, kill, oom, unit] = Object.values(lines)[0] ?? []
  expect(free?.text).toBe('Nov  2 14:08:46 host-1 kernel: Free pages: 12744kB (0kB HighMem), 3421941/3421941')
  expect(kill?.text).toBe('Nov  2 14:08:47 host-1 kernel: Killed process 4321 (program-1) total-vm:1024kB')
  expect(oom?.text).toBe(
    'Nov  2 14:08:48 host-1 kernel: oom-kill:task_memcg=/kubepods.slice/kubepods-podid-1.slice/cri-containerd-id-2.scope,task=program-1,pid=4321',
  )
  expect(unit?.text).toBe('Nov  2 14:08:50 host-1 systemd[1]: group-1.service: A process of this unit has been killed')
  expect(incident.kernel).toBe('2.6.18.8-0.1')
  expect(incident.kills[1]).toMatchObject({ comm: 'mysqld', cgroup: '/system.slice/mysqld.service', by: 'kernel' })
  expect(incident.title.lead).toEqual({
    key: 'title.killed',
    params: { victim: 'program-1', cgroup: null, host: 'host-1' },
  })
  expect(samples).toEqual([{ at: 1000, memTotal: 268_435_456 }])
})

test('the same original has one alias throughout, and what is hidden is counted', () => {
  const { lines, notes, redaction } = redactSnapshot(SNAPSHOT, KNOWN)
  const login = Object.values(lines)[0]?.[4]?.text
  expect(login).toBe('Nov  2 14:08:51 host-4 sshd[77]: Accepted publickey for user-3 from ip-2 port 22')
  expect(notes[0]?.text).toContain('at ip-2 and ip-1.')
  expect(redaction).toMatchObject({ ip: 2, email: 1, command: 2 })
})

test('citations still lead to the lines they rest on', () => {
  const redacted = redactSnapshot(SNAPSHOT, KNOWN)
  expect(Object.keys(redacted.lines)).toContain(redacted.incident.events[0]?.lines.source)
})

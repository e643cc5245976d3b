import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { analyzeText } from '@/lib/analysis/file-reader'
import { type Advice, adviseOn } from '@/lib/findings/advice'
import { daemonFor, raiseCommand } from '@/lib/findings/advice-commands'
import type { ExplainContext } from '@/lib/findings/context'
import { explainIncident } from '@/lib/findings/explain'
import { detectPlatform } from '@/lib/findings/platform'
import { groupIncidents } from '@/lib/incidents/group'
import { sayMessage } from '@/lib/text/say'

const FOLDER = join(import.meta.dirname, 'fixtures')

function adviceFor(name: string, known: Partial<ExplainContext> = {}): Advice[] {
  const text = readFileSync(join(FOLDER, `${name}.log`), 'utf8')
  const hints = { name, host: null, zone: 'UTC', year: 2026, modifiedAt: null, receivedAt: null }
  const { kills, reports, events, host, kernel } = analyzeText(text, hints)
  return groupIncidents(kills, reports, events).flatMap((facts) => {
    const context = { hostname: host, kernel, ...known }
    return adviseOn(facts, explainIncident(facts, context), context)
  })
}
const codes = (advice: Advice[]) => advice.map(({ code }) => code)

describe('steps fit what was found', () => {
  test('a holder that is not in the log: record who holds memory', () => {
    expect(codes(adviceFor('seed-mail-2007'))).toEqual(['record-holders', 'keep-kernel-log'])
  })

  test('no swap and one large program: cap it, look at it, add swap', () => {
    const advice = adviceFor('no-swap-one-large-process')
    expect(codes(advice)).toEqual(['cap-program', 'find-growth', 'add-swap'])
    expect(advice[0]?.command).toBe('systemctl set-property app.service MemoryMax=SIZE')
  })

  test('a pod in a restart loop: raise its limit where it is set, and end the group as one', () => {
    const advice = adviceFor('pod-restart-loop')
    expect(codes(advice)).toEqual(['raise-limit', 'group-kill', 'find-growth'])
    expect(advice[0]?.command).toBe('kubectl set resources deployment/NAME --limits=memory=SIZE')
  })

  test('a group that is ended as one already is not told to be', () => {
    expect(codes(adviceFor('group-ends-as-one'))).toEqual(['raise-limit', 'find-growth'])
  })

  test('a limit on kernel memory is lifted, not that on memory', () => {
    const [raise] = adviceFor('kernel-memory-limit-of-group')
    expect(raise?.command).toBe('echo -1 > /sys/fs/cgroup/memory/GROUP/memory.kmem.limit_in_bytes')
    expect(sayMessage(raise?.why ?? { key: '', params: {} })).toContain('64\u00a0MiB')
  })

  test('many of one program: fewer at a time', () => {
    expect(codes(adviceFor('fork-storm'))).toContain('limit-processes')
  })

  test('32 bit is blamed only where there is high memory', () => {
    expect(codes(adviceFor('lowmem-of-32-bit'))).toContain('use-64-bit')
    expect(codes(adviceFor('node-of-a-cpuset-out'))).toContain('widen-nodes')
  })

  test('each step but that for a runtime names its documentation', () => {
    for (const name of readdirSync(FOLDER).filter((file) => file.endsWith('.log'))) {
      for (const { code, doc } of adviceFor(name.replace(/\.log$/, ''))) {
        expect.soft(doc === null, `${name}: ${code}`).toBe(code === 'fit-runtime')
      }
    }
  })

  test('a manual kill asks for no memory', () => {
    expect(codes(adviceFor('asked-for-by-hand'))).not.toContain('add-swap')
  })

  test('an older kernel is not told of what it does not have', () => {
    const commands = adviceFor('closed-by-reserve-2632').map(({ command }) => command ?? '')
    expect(commands.join('\n')).not.toMatch(/systemctl|memory\.max|journalctl/)
  })
})

test('obsolete settings of a note are warned of, last, with what to do instead', () => {
  const notes = [
    {
      id: 'note_1',
      incidentId: 'inc_1',
      at: null,
      isAtUncertain: false,
      isOtherBoot: true,
      text: 'The OOM killer can be turned off with vm.oom-kill = 0 in sysctl.conf.',
      author: 'admin',
      createdAt: 0,
    },
  ]
  const last = adviceFor('seed-mail-2007', { notes }).at(-1)
  expect(last).toMatchObject({ code: 'leave-out', isWarning: true, title: { params: { text: 'vm.oom-kill = 0' } } })
  expect(sayMessage(last?.undo ?? { key: '', params: {} })).toContain('/proc/PID/oom_adj')
})

test('every sentence of every step has its parameters', () => {
  for (const name of readdirSync(FOLDER).filter((file) => file.endsWith('.log'))) {
    for (const { title, why, effect, risk, undo } of adviceFor(name.replace(/\.log$/, ''))) {
      const said = [title, why, effect, risk, undo].map(sayMessage).join(' ')
      expect.soft(said, name).not.toMatch(/unknown [^\s]*(?: |$)|\{|advice\./)
    }
  }
})

test('a process name from a log never reaches a command unless it is harmless', () => {
  const hostile = readFileSync(join(FOLDER, 'no-swap-one-large-process.log'), 'utf8').replaceAll(
    'thumbnailer',
    'a;rm -rf ~',
  )
  const hints = { name: 'x', host: null, zone: 'UTC', year: 2026, modifiedAt: null, receivedAt: null }
  const { kills, reports, events } = analyzeText(hostile, hints)
  const [facts] = groupIncidents(kills, reports, events)
  expect(facts).toBeDefined()
  if (!facts) return
  const context = { hostname: null }
  const commands = adviseOn(facts, explainIncident(facts, context), context).map(({ command }) => command ?? '')
  expect(commands.join('\n')).not.toContain('rm -rf')
})

test.each([
  ['6.1.0-18-amd64', 'systemd-oomd', 'apt-get install systemd-oomd && systemctl enable --now systemd-oomd'],
  ['6.8.9-300.fc40.x86_64', 'systemd-oomd', 'systemctl enable --now systemd-oomd'],
  [
    '5.14.0-362.el9.x86_64',
    'earlyoom',
    'dnf install epel-release && dnf install earlyoom && systemctl enable --now earlyoom',
  ],
  [
    '3.10.0-957.el7.x86_64',
    'earlyoom',
    'yum install epel-release && yum install earlyoom && systemctl enable --now earlyoom',
  ],
])('a daemon that acts earlier, on %s', (kernel, daemon, command) => {
  const facts = { kills: [], reports: [], events: [], from: null, to: null }
  expect(daemonFor(detectPlatform(facts, kernel))).toEqual({ daemon, command })
})

test.each([
  ['/machine.slice/libpod-0123456789abcdef.scope', 'podman update --memory SIZE --memory-swap SIZE 0123456789ab'],
  ['/docker/0123456789abcdef0123', 'docker update --memory SIZE --memory-swap SIZE 0123456789ab'],
  ['/batch', 'echo BYTES > /sys/fs/cgroup/GROUP/memory.max'],
])('the limit of %s is raised where it is set', (path, command) => {
  const facts = { kills: [], reports: [], events: [], from: null, to: null }
  expect(raiseCommand(path, { ...detectPlatform(facts, null), cgroupVersion: 2 }, null)).toBe(command)
})

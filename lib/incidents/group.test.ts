import { describe, expect, test } from 'vitest'
import { aKill, anEvent, aReport, minutes } from '@/lib/incidents/facts-for-tests'
import { groupIncidents } from '@/lib/incidents/group'
import { incidentIdentity, killKey } from '@/lib/incidents/identity'
import type { Sample } from '@/lib/metrics/sample'

const pids = (groups: ReturnType<typeof groupIncidents>) => groups.map(({ kills }) => kills.map((kill) => kill.pid))
const GIB = 1024 ** 3

/** One sample a minute with so much available of 10 GiB, no swap. */
function samples(from: number, to: number, availableGib: number): Sample[] {
  return Array.from({ length: to - from + 1 }, (_, index) => ({
    at: minutes(from + index),
    memTotal: 10 * GIB,
    memAvailable: availableGib * GIB,
    swapTotal: 0,
    swapFree: 0,
  }))
}

describe('kills belong together', () => {
  test('while no more than three hours lie between two of them', () => {
    const kills = [0, 180, 361].map((at, index) => aKill({ at: minutes(at), pid: index, line: index + 1 }))
    expect(pids(groupIncidents(kills, [], []))).toEqual([[0, 1], [2]])
  })

  test('unless a reboot lies between', () => {
    const kills = [aKill({ at: minutes(0), pid: 1, line: 1 }), aKill({ at: minutes(20), pid: 2, line: 9 })]
    const boot = anEvent({ kind: 'boot', at: minutes(10), line: 5 })
    expect(pids(groupIncidents(kills, [], [boot]))).toEqual([[1], [2]])
  })

  test('unless the uptime starts again', () => {
    const stamp = (uptimeSeconds: number) => ({ text: null, at: null, uptimeSeconds })
    const kills = [aKill({ pid: 1, line: 1, stamp: stamp(9000) }), aKill({ pid: 2, line: 2, stamp: stamp(40) })]
    expect(pids(groupIncidents(kills, [], []))).toEqual([[1], [2]])
  })

  test('unless samples show memory back for fifteen minutes', () => {
    const kills = [aKill({ at: minutes(0), pid: 1, line: 1 }), aKill({ at: minutes(60), pid: 2, line: 2 })]
    const back = [...samples(1, 20, 0.4), ...samples(21, 37, 6), ...samples(38, 59, 0.4)]
    const short = [...samples(1, 20, 0.4), ...samples(21, 34, 6), ...samples(35, 59, 0.4)]
    expect(pids(groupIncidents(kills, [], [], { samples: back }))).toEqual([[1], [2]])
    expect(pids(groupIncidents(kills, [], [], { samples: short }))).toEqual([[1, 2]])
  })

  test('whatever order they are given in', () => {
    const kills = [0, 5, 400, 401, 9].map((at, index) => aKill({ at: minutes(at), pid: index, line: index + 1 }))
    expect(pids(groupIncidents([...kills].reverse(), [], []))).toEqual(pids(groupIncidents(kills, [], [])))
    expect(pids(groupIncidents(kills, [], []))).toEqual([
      [0, 1, 4],
      [2, 3],
    ])
  })

  test('on one host only', () => {
    const kills = [aKill({ at: minutes(0), host: 'db1' }), aKill({ at: minutes(1), host: 'db2', line: 2 })]
    expect(groupIncidents(kills, [], [])).toHaveLength(2)
  })
})

describe('kills of a cgroup limit', () => {
  const inPod = (pod: string, at: number, pid: number) =>
    aKill({ at: minutes(at), pid, line: pid, constraint: 'memcg', limitCgroup: `/kubepods/burstable/pod${pod}` })

  test('group by path without ids, so that a restarting pod is one incident', () => {
    const kills = [
      inPod('7f9c1c5e-0c6b-4f0a-9c3e-0a1b2c3d4e5f', 0, 1),
      inPod('1b2c3d4e-5f60-4712-8394-a5b6c7d8e9f0', 7, 2),
    ]
    expect(pids(groupIncidents(kills, [], []))).toEqual([[1, 2]])
  })

  test('do not swallow the kills of the machine', () => {
    const kills = [inPod('7f9c1c5e-0c6b-4f0a-9c3e-0a1b2c3d4e5f', 0, 1), aKill({ at: minutes(1), pid: 2, line: 2 })]
    expect(pids(groupIncidents(kills, [], []))).toEqual([[1], [2]])
  })
})

describe('without a time', () => {
  test('kills of one source are one incident in the order of its lines', () => {
    const kills = [aKill({ pid: 2, line: 5 }), aKill({ pid: 1, line: 2 })]
    const [incident] = groupIncidents(kills, [], [])
    expect(incident).toMatchObject({ kills: [{ pid: 1 }, { pid: 2 }], from: null, to: null })
  })

  test('a kill stands where its neighbours of the same source stand', () => {
    const kills = [
      aKill({ at: minutes(0), pid: 1, line: 1 }),
      aKill({ pid: 2, line: 2 }),
      aKill({ at: minutes(600), pid: 3, line: 3 }),
    ]
    expect(pids(groupIncidents(kills, [], []))).toEqual([[1, 2], [3]])
  })
})

describe('reports and events', () => {
  test('a report goes with its kill and opens the incident', () => {
    const report = aReport({ at: minutes(0), line: 1, index: 3 })
    const kill = aKill({ at: minutes(2), line: 12, report: 3 })
    const [incident] = groupIncidents([kill], [report], [])
    expect(incident).toMatchObject({ from: minutes(0), to: minutes(2), reports: [{ index: 3 }] })
  })

  test('a report without a kill joins the incident it lies near, else is one of its own', () => {
    const kill = aKill({ at: minutes(0), line: 1 })
    const near = aReport({ at: minutes(1), line: 5, index: 0 })
    const far = aReport({ at: minutes(900), line: 50, index: 1 })
    const groups = groupIncidents([kill], [near, far], [])
    expect(groups.map(({ kills, reports }) => [kills.length, reports.map(({ index }) => index)])).toEqual([
      [1, [0]],
      [0, [1]],
    ])
  })

  test('signs lead into an incident while no half hour lies between them', () => {
    const sign = (at: number, line: number) =>
      anEvent({ kind: 'low-memory', severity: 'sign', at: minutes(at), line, message: `low ${at}` })
    const kill = aKill({ at: minutes(100), line: 9 })
    const [incident] = groupIncidents([kill], [], [sign(10, 1), sign(50, 2), sign(75, 3)])
    expect(incident?.from).toBe(minutes(50))
  })

  test('a restart afterwards belongs to it and does not lengthen it', () => {
    const kill = aKill({ at: minutes(0), line: 1 })
    const restart = anEvent({ kind: 'service-started', at: minutes(3), line: 2 })
    expect(groupIncidents([kill], [], [restart])).toMatchObject([
      { to: minutes(0), events: [{ kind: 'service-started' }] },
    ])
  })

  test('what happens after a reboot belongs to the next boot', () => {
    const kill = aKill({ at: minutes(0), line: 1 })
    const boot = anEvent({ kind: 'boot', at: minutes(4), line: 2 })
    const sign = anEvent({ kind: 'hung-task', severity: 'sign', at: minutes(6), line: 3 })
    expect(groupIncidents([kill], [], [boot, sign])).toMatchObject([{ events: [{ kind: 'boot' }], to: minutes(0) }])
  })

  test('a container that ran out of memory is an incident without kills', () => {
    const event = anEvent({ kind: 'container-oom', severity: 'critical', at: minutes(0) })
    expect(groupIncidents([], [], [event])).toMatchObject([{ kills: [], events: [{ kind: 'container-oom' }] }])
  })

  test('a panic that is not about memory is no incident', () => {
    const event = anEvent({ kind: 'panic', severity: 'critical', message: 'Kernel panic - not syncing: bad stack' })
    expect(groupIncidents([], [], [event])).toEqual([])
  })
})

describe('identity', () => {
  const told = (source: string, line: number) =>
    aKill({ at: minutes(0), pid: 7, comm: 'java', lines: { source, from: line, to: line } })

  test('a kill told by two sources counts once', () => {
    expect(pids(groupIncidents([told('a.log', 4), told('b.log', 90)], [], []))).toEqual([[7]])
  })

  test('two kills of one source are two, however alike', () => {
    expect(pids(groupIncidents([told('a.log', 4), told('a.log', 5)], [], []))).toEqual([[7, 7]])
  })

  test('the year that was assumed is no part of it', () => {
    const as = (year: number) =>
      aKill({ stamp: { text: 'Nov 2 14:11:02', at: Date.UTC(year, 10, 2), uptimeSeconds: null } })
    expect(killKey(as(2007))).toBe(killKey(as(2025)))
  })

  test('an incident keeps the key of its earliest kill when later ones arrive', () => {
    const first = aKill({ at: minutes(0), pid: 1, line: 1 })
    const later = aKill({ at: minutes(30), pid: 2, line: 2 })
    const keyOf = (kills: ReturnType<typeof aKill>[]) => groupIncidents(kills, [], []).map(incidentIdentity)
    expect(keyOf([later, first])).toEqual(keyOf([first]))
  })
})

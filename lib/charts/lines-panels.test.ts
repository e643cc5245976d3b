import { expect, test } from 'vitest'
import { cgroupPanel, NO_SUBJECT, processPanel } from '@/lib/charts/lines-panels'
import type { CgroupSeries, ProcessSeries } from '@/lib/metrics/bucketed'

const MIB = 1024 ** 2
const noGaps = () => []

function processes(
  ...told: [pid: number, comm: string, rss: (number | null)[], swap?: (number | null)[]][]
): ProcessSeries {
  return {
    from: 0,
    to: 20_000,
    bucketMs: 10_000,
    at: [0, 10_000],
    processes: told.map(([pid, comm, rss, swap = [null, null]]) => ({ pid, comm, peak: 0, rss, swap })),
  }
}

const SEVEN = processes(
  [1, 'postgres', [90, 95], [5, null]],
  [2, 'java', [80, 81]],
  [3, 'java', [70, null]],
  [4, 'node', [60, 60]],
  [5, 'nginx', [50, 50]],
  [6, 'redis', [40, 41]],
  [7, 'worker', [30, null], [2, 2]],
)

test('five processes are drawn, and the others as one line', () => {
  const panel = processPanel(SEVEN, NO_SUBJECT, noGaps)
  expect(panel?.series.map(({ label }) => label)).toEqual([
    'postgres 1',
    'java 2',
    'java 3',
    'node 4',
    'nginx 5',
    '2 others',
  ])
  expect(panel?.at).toEqual([5_000, 15_000])
  expect(panel?.values['process-0']).toEqual([95, 95])
  expect(panel?.values['process-2']).toEqual([70, null])
  expect(panel?.values.others).toEqual([72, 41])
})

test('a victim is dashed, drawn even when it is small, and the program that held the most is bold', () => {
  const victims = [
    { pid: 7, comm: 'worker' },
    { pid: 4, comm: 'a pid used again' },
  ]
  const panel = processPanel(SEVEN, { victims, hogComm: 'java', limitedCgroup: null }, noGaps)
  const drawn = (panel?.lines ?? []).map(({ isBold, isDashed }, index) => [
    panel?.series[index]?.label,
    isBold,
    isDashed,
  ])
  expect(drawn).toEqual([
    ['postgres 1', false, false],
    ['java 2', true, false],
    ['java 3', true, false],
    ['node 4', false, false],
    ['nginx 5', false, false],
    ['worker 7', false, true],
    ['1 other', false, false],
  ])
})

test('characters that hide in a name are named', () => {
  expect(processPanel(processes([9, 'a\u202eb', [1, 1]]), NO_SUBJECT, noGaps)?.series[0]?.label).toBe('a\\u202eb 9')
})

function groups(...told: [path: string, usage: (number | null)[], limit: (number | null)[]][]): CgroupSeries {
  return {
    from: 0,
    to: 20_000,
    bucketMs: 10_000,
    at: [0, 10_000],
    cgroups: told.map(([path, usage, limit]) => ({
      path,
      peak: 0,
      usage,
      limit,
      swap: [0, null],
      oomKills: [null, null],
    })),
  }
}

const GROUPS = groups(
  ['/system.slice', [900 * MIB, 900 * MIB], [null, null]],
  ['/system.slice/a.service', [64 * MIB, 96 * MIB], [128 * MIB, 128 * MIB]],
  ['/docker/b', [30 * MIB, 64 * MIB], [64 * MIB, 64 * MIB]],
  ['/docker/c', [30 * MIB, 20 * MIB], [40 * MIB, 80 * MIB]],
)

test('the group whose limit was hit is drawn against it', () => {
  const panel = cgroupPanel(GROUPS, { ...NO_SUBJECT, limitedCgroup: '/docker/b' }, noGaps)
  expect(panel).toMatchObject({
    title: 'b',
    fullTitle: '/docker/b',
    ceiling: { value: 64 * MIB, label: 'Limit 64\u00a0MiB' },
  })
  expect(panel?.series.map(({ label }) => label)).toEqual(['Usage'])
})

test('a limit that was changed is a line of its own', () => {
  const panel = cgroupPanel(GROUPS, { ...NO_SUBJECT, limitedCgroup: '/docker/c' }, noGaps)
  expect(panel?.ceiling).toBeNull()
  expect(panel?.lines.map(({ key, shape }) => [key, shape])).toEqual([
    ['usage', 'area'],
    ['limit', 'step'],
  ])
})

test('groups with a limit are compared by how full they were, fullest first', () => {
  const panel = cgroupPanel(GROUPS, NO_SUBJECT, noGaps)
  expect(panel?.series.map(({ label }) => label)).toEqual(['b', 'a.service', 'c'])
  expect(panel?.values['group-0']).toEqual([(30 / 64) * 100, 100])
  expect(panel?.ceiling).toEqual({ value: 100, label: 'Limit' })
})

test('of a container as many letters of its id are shown as its tools print', () => {
  const path = '/system.slice/docker-4f2c0a9be1d7c3a5508896a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5.scope'
  expect(cgroupPanel(groups([path, [1, 2], [4, 4]]), NO_SUBJECT, noGaps)?.series[0]?.label).toBe('4f2c0a9be1d7')
})

test('without a limit there is nothing to compare with', () => {
  expect(cgroupPanel(groups(['/a', [1, 2], [null, null]]), NO_SUBJECT, noGaps)).toBeNull()
  expect(processPanel(processes(), NO_SUBJECT, noGaps)).toBeNull()
})

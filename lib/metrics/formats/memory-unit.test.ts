import { expect, test } from 'vitest'
import { unitOfFree, unitOfVmstat } from '@/lib/metrics/formats/memory-unit'

test('whole pages are KiB', () => {
  expect(unitOfFree([24684092, 4109892, 18852708, 108220, 786428], 24684092, 'out.txt')).toMatchObject({
    label: 'KiB',
    isEvidenced: true,
  })
})

test('multiples of 4,096 are bytes', () => {
  expect(unitOfFree([25276510208, 4208529408, 19305172992, 110817280], 25276510208, 'out.txt')).toMatchObject({
    label: 'bytes',
  })
})

test('24105 that are no whole pages are MiB, 23 are GiB', () => {
  expect(unitOfFree([24105, 4013, 18410, 105, 2090, 20091], 24105, 'out.txt')).toMatchObject({
    label: 'MiB',
    isEvidenced: false,
  })
  expect(unitOfFree([23, 3, 17, 0, 2, 19], 23, 'out.txt')).toMatchObject({ label: 'GiB', isEvidenced: false })
})

test('between a small machine in MiB and a large one in GiB nothing is said', () => {
  expect(unitOfFree([503, 101, 202, 3, 199, 381], 503, 'out.txt')).toBeNull()
})

test('the command in the name of the file decides', () => {
  expect(unitOfFree([503, 101, 202, 3, 199, 381], 503, 'sos_commands/memory/free_-m')).toMatchObject({
    label: 'MiB',
    isEvidenced: true,
  })
  expect(unitOfFree([503, 101, 202, 3, 199, 381], 503, 'free-g.txt')).toMatchObject({ label: 'GiB', isEvidenced: true })
})

test('vmstat: whole pages are KiB, others MiB unless more swap than blocks would be written', () => {
  expect(unitOfVmstat([23363868, 7720, 1127268], [], 'v.txt')).toMatchObject({ label: 'KiB' })
  expect(unitOfVmstat([22810, 7, 1100], [{ so: 142, bo: 145932 }], 'v.txt')).toMatchObject({ label: 'MiB' })
  expect(unitOfVmstat([23917, 7, 1153], [{ so: 149, bo: 145932 }], 'v.txt')).toMatchObject({ label: 'MB' })
  expect(unitOfVmstat([23924601, 7905, 1154322], [], 'v.txt')).toMatchObject({ label: 'kB' })
})

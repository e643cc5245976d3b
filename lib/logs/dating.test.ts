import { describe, expect, test } from 'vitest'
import { createDating } from '@/lib/logs/dating'
import { createDecoder } from '@/lib/logs/registry'
import type { Stamp } from '@/lib/logs/source'
import type { SourceHints } from '@/lib/source'

const NOTHING: SourceHints = {
  name: 'messages',
  host: null,
  zone: null,
  year: null,
  modifiedAt: null,
  receivedAt: null,
}

function date(lines: string[], hints: Partial<SourceHints> = {}) {
  const dating = createDating({ ...NOTHING, ...hints })
  const decode = createDecoder()
  const stamps: Stamp[] = lines.map((line, index) => {
    const decoded = decode(line)
    const seen = dating.see(decoded)
    dating.readDatedWords(decoded.message, index + 1)
    return dating.stamp(decoded, seen)
  })
  const placed = dating.place()
  return { ...placed, times: stamps.map((stamp) => (stamp.at === null ? null : new Date(stamp.at).toISOString())) }
}

describe('the year', () => {
  test('is unknown when nothing tells it', () => {
    expect(date(['Nov  2 14:08:46 mail kernel: x'])).toMatchObject({ times: [null], assumed: [] })
  })

  test('comes from a dated word that agrees with the lines', () => {
    const { times, assumed } = date([
      'Nov  2 14:08:46 mail kernel: x',
      'Nov  2 17:00:00 mail amavis[9]: amavis-20071102T233954-03978',
    ])
    expect(times[0]).toBe('2007-11-02T14:08:46.000Z')
    expect(assumed[0]).toEqual({
      what: 'year',
      value: '2007',
      why: 'amavis-20071102T233954 in line 2',
      isEvidenced: true,
    })
  })

  test('does not come from a dated word of another time of year', () => {
    expect(date(['Nov  2 14:08:46 mail kernel: built 2005-03-01']).times).toEqual([null])
  })

  test('does not come from a date in the future', () => {
    const lines = ['Nov  2 14:08:46 mail kernel: x', 'Nov  2 14:09:00 mail app[1]: certificate valid until 2031-11-03']
    expect(date(lines, { receivedAt: Date.UTC(2026, 10, 24) }).times[0]).toBe('2026-11-02T14:08:46.000Z')
  })

  test("the sender's word goes before everything", () => {
    const { times } = date(['Nov  2 14:08:46 mail kernel: amavis-20071102T1'], { year: 2011 })
    expect(times).toEqual(['2011-11-02T14:08:46.000Z'])
  })

  test('comes from the file name, then the change time, then the arrival, never in the future', () => {
    const line = ['Nov  2 14:08:46 mail kernel: x']
    expect(date(line, { name: 'messages-20121104', modifiedAt: Date.UTC(2020, 0, 1) }).times).toEqual([
      '2012-11-02T14:08:46.000Z',
    ])
    expect(date(line, { modifiedAt: Date.UTC(2020, 0, 1) }).times).toEqual(['2019-11-02T14:08:46.000Z'])
    expect(date(line, { receivedAt: Date.UTC(2026, 10, 1, 12) })).toMatchObject({
      times: ['2025-11-02T14:08:46.000Z'],
      assumed: [{ what: 'year', isEvidenced: false }, { what: 'zone' }],
    })
  })

  test('turns when the months step back inside a file', () => {
    const { times } = date(
      ['Dec 31 23:59:59 a kernel: x', 'Jan  1 00:00:01 a kernel: y', 'Dec 31 23:59:58 a kernel: late'],
      {
        receivedAt: Date.UTC(2026, 5, 1),
      },
    )
    expect(times).toEqual(['2025-12-31T23:59:59.000Z', '2026-01-01T00:00:01.000Z', '2025-12-31T23:59:58.000Z'])
  })

  test('a clock that goes back an hour is no New Year', () => {
    const { times } = date(['Jan 25 04:07:35 a kernel: x', 'Jan 25 03:07:34 a kernel: y'], { year: 2006 })
    expect(times).toEqual(['2006-01-25T04:07:35.000Z', '2006-01-25T03:07:34.000Z'])
  })

  test('29 February needs a leap year', () => {
    expect(date(['Feb 29 10:00:00 a kernel: x'], { receivedAt: Date.UTC(2026, 5, 1) }).times).toEqual([
      '2024-02-29T10:00:00.000Z',
    ])
  })
})

describe('the zone', () => {
  test('is UTC unless told, and that is said', () => {
    expect(date(['Nov  2 14:08:46 mail kernel: x'], { year: 2007 }).assumed).toContainEqual({
      what: 'zone',
      value: 'UTC',
      why: 'no zone on the lines',
      isEvidenced: false,
    })
  })

  test('of the sender moves the times', () => {
    expect(date(['Nov  2 14:08:46 mail kernel: x'], { year: 2007, zone: 'Asia/Shanghai' }).times).toEqual([
      '2007-11-02T06:08:46.000Z',
    ])
  })

  test('on the line needs no assumption', () => {
    expect(date(['2026-04-12T19:04:42+0100 host kernel: x'])).toMatchObject({
      times: ['2026-04-12T18:04:42.000Z'],
      assumed: [],
    })
  })

  test('a time that occurs twice in autumn is the first of the two; one that never occurs in spring is moved on', () => {
    const zone = 'Europe/Berlin'
    expect(date(['2026-10-25T02:30:00 a kernel: x'], { zone }).times).toEqual(['2026-10-25T00:30:00.000Z'])
    expect(date(['2026-03-29T02:30:00 a kernel: x'], { zone }).times).toEqual(['2026-03-29T01:30:00.000Z'])
  })
})

describe('seconds since boot', () => {
  test('have no place in time alone', () => {
    expect(date(['[  100.000000] x']).times).toEqual([null])
  })

  test('are placed by taking the last line as the moment of arrival', () => {
    const { times, assumed } = date(['[  100.000000] x', '[  160.000000] y'], { receivedAt: Date.UTC(2026, 0, 1) })
    expect(times).toEqual(['2025-12-31T23:59:00.000Z', '2026-01-01T00:00:00.000Z'])
    expect(assumed).toMatchObject([{ what: 'clock', isEvidenced: false }])
  })

  test('are placed by a line of the same boot that prints both clocks', () => {
    const { times } = date(['[  100.000000] a kernel: x', '2026-01-01T00:01:00Z a kernel: [  160.000000] y'])
    expect(times).toEqual(['2026-01-01T00:00:00.000Z', '2026-01-01T00:01:00.000Z'])
  })

  test('of an earlier boot stay unplaced', () => {
    const { times } = date(['[  100.000000] x', '[    1.000000] y'], { receivedAt: Date.UTC(2026, 0, 1) })
    expect(times).toEqual([null, '2026-01-01T00:00:00.000Z'])
  })
})

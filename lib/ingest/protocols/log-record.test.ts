import { describe, expect, test } from 'vitest'
import { cleanHost } from '@/lib/ingest/protocols/log-record'
import { records } from '@/lib/ingest/protocols/records'
import { requestOf } from '@/lib/ingest/protocols/request.fixture'

const lines = (body: string, query = '') => records.decode(requestOf(body, { query })).lines
const lineOf = (record: object, query = '') => lines(JSON.stringify([record]), query)[0]

describe('records name things differently', () => {
  test.each([
    ['Fluent Bit', { date: 1795488349.399005, log: 'Mem-Info:\n', hostname: 'cart-3', ident: 'kernel' }],
    ['Vector', { timestamp: '2026-11-24T02:45:49.399005Z', message: 'Mem-Info:', host: 'cart-3', appname: 'kernel' }],
    [
      'Filebeat',
      {
        '@timestamp': '2026-11-24T02:45:49.399005Z',
        message: 'Mem-Info:',
        host: { name: 'cart-3' },
        process: { name: 'kernel' },
      },
    ],
    [
      'journalctl -o json',
      { __REALTIME_TIMESTAMP: '1795488349399005', MESSAGE: 'Mem-Info:', _HOSTNAME: 'cart-3', _TRANSPORT: 'kernel' },
    ],
    [
      'rsyslog',
      { timereported: '2026-11-24T02:45:49.399005+00:00', msg: 'Mem-Info:', hostname: 'cart-3', syslogtag: 'kernel:' },
    ],
    [
      'syslog-ng',
      {
        ISODATE: '2026-11-24T02:45:49.399005+00:00',
        MESSAGE: 'Mem-Info:',
        HOST: 'cart-3',
        HOST_FROM: 'relay',
        PROGRAM: 'kernel',
      },
    ],
    ['GELF', { timestamp: 1795488349.399005, short_message: 'Mem-Info:', host: 'cart-3', facility: 'kern' }],
    [
      'flat names with dots',
      {
        '@timestamp': '2026-11-24T02:45:49.399005Z',
        message: 'Mem-Info:',
        'host.name': 'cart-3',
        'process.name': 'kernel',
      },
    ],
  ])('%s', (_, record) => {
    expect(lineOf(record)).toMatchObject({
      host: 'cart-3',
      program: 'kernel',
      text: 'Mem-Info:',
      atNs: 1_795_488_349_399_005_000n,
    })
  })
})

test('bytes that are no UTF-8 come as numbers', () => {
  expect(lineOf({ MESSAGE: [75, 105, 108, 108, 101, 100, 255] })?.text).toBe('Killed\ufffd')
})

test('a message of several lines is several lines of one moment', () => {
  const found = lines(JSON.stringify([{ message: 'Mem-Info:\nNode 0 DMA\n\n', timestamp: 1795488349 }]))
  expect(found.map((line) => line.text)).toEqual(['Mem-Info:', 'Node 0 DMA'])
  expect(new Set(found.map((line) => line.atNs)).size).toBe(1)
})

test('the address may say host and zone', () => {
  expect(lineOf({ MESSAGE: 'x', DATE: 'Nov 24 10:43:42' }, 'host=cart-3&tz=Asia/Shanghai')).toMatchObject({
    host: 'cart-3',
    atNs: BigInt(Date.parse('2026-11-24T02:43:42Z')) * 1_000_000n,
  })
})

test('records without a message are counted, the others kept', () => {
  const decoded = records.decode(requestOf('{"level":"info"}\n{"message":"Mem-Info:"}\n'))
  expect(decoded.lines).toHaveLength(1)
  expect(decoded.refused).toEqual([{ count: 1, why: 'These records have no message.' }])
})

test('text that is no record is lines, a printk stamp is no array', () => {
  expect(
    lines('[ 1142.532551] java invoked oom-killer: gfp_mask=0x100cca, order=0\n[ 1142.532585] CPU: 1\n'),
  ).toMatchObject([
    { program: 'kernel', monotonicUs: 1_142_532_551, atNs: null },
    { program: 'kernel', monotonicUs: 1_142_532_585, text: '[ 1142.532585] CPU: 1' },
  ])
  expect(lines('Nov  2 14:08:46 mail kernel: Mem-info:', 'host=relay')).toMatchObject([
    { host: 'mail', program: 'kernel', text: 'Mem-info:' },
  ])
})

test.each([
  ['cart-3', 'cart-3'],
  ['cart-3:9100', 'cart-3'],
  ['10.0.0.7:9100', '10.0.0.7'],
  ['[2001:db8::7]:9100', '2001:db8::7'],
  ['2001:db8::7', '2001:db8::7'],
  ['', null],
  ['-', null],
  ['a b', null],
  ['<script>', null],
  ['../etc', null],
  ['cart\ufffd3', null],
  ['主机-3', '主机-3'],
  ['x'.repeat(300), null],
])('host %s is %s', (text, host) => {
  expect(cleanHost(text)).toBe(host)
})

test('the space that rsyslog keeps before a message does not hide the kernel’s seconds', () => {
  const line = lineOf({ msg: ' [ 1142.532551] Mem-Info:', hostname: 'cart-3', programname: 'kernel' })
  expect(line).toMatchObject({ text: '[ 1142.532551] Mem-Info:', monotonicUs: 1_142_532_551 })
})

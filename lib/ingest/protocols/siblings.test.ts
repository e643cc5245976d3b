import { describe, expect, test } from 'vitest'
import { collectd } from '@/lib/ingest/protocols/collectd'
import { elasticsearch } from '@/lib/ingest/protocols/elasticsearch'
import { loki } from '@/lib/ingest/protocols/loki'
import { netdata } from '@/lib/ingest/protocols/netdata'
import { otlp } from '@/lib/ingest/protocols/otlp'
import type { Protocol } from '@/lib/ingest/protocols/protocol'
import { records } from '@/lib/ingest/protocols/records'
import { message, requestOf } from '@/lib/ingest/protocols/request.fixture'
import { splunk } from '@/lib/ingest/protocols/splunk'

const TEXT = 'Out of memory: Killed process 4711 (postgres) total-vm:38440008kB, anon-rss:31245132kB, file-rss:0kB'
const STAMPED = `[ 5012.118220] ${TEXT}`
const ISO = '2026-11-24T02:45:49.399005Z'
const NS = 1_795_488_349_399_005_000n
const SECONDS = 1_795_488_349.399005

/** The same kill as other versions and other senders of a protocol write it, from their documentation and sources. */
const SIBLINGS: { sender: string; protocol: Protocol; path?: string; query?: string; body: unknown; program?: null }[] =
  [
    {
      sender: 'rsyslog with the default template of omelasticsearch',
      protocol: elasticsearch,
      path: '_bulk',
      body: `{"index":{"_index":"system","_type":"events"}}\n${JSON.stringify({
        message: ` ${STAMPED}`,
        fromhost: 'db-7',
        facility: 'kern',
        priority: 'err',
        timereported: '2026-11-24T02:45:49.399005+00:00',
        timegenerated: '2026-11-24T02:45:51+00:00',
      })}\n`,
    },
    {
      sender: 'rsyslog with every property',
      protocol: records,
      body: [
        {
          msg: ` ${STAMPED}`,
          rawmsg: `<3>Nov 24 02:45:49 db-7 kernel: ${STAMPED}`,
          timereported: '2026-11-24T02:45:49.399005+00:00',
          hostname: 'db-7',
          syslogtag: 'kernel:',
          inputname: 'imklog',
          pri: '3',
          syslogfacility: '0',
          syslogseverity: '3',
          programname: 'kernel',
          procid: '-',
          'structured-data': '-',
        },
      ],
    },
    {
      sender: 'Logstash with ECS',
      protocol: elasticsearch,
      path: 'logs-syslog/_bulk',
      body: `{"create":{}}\n${JSON.stringify({
        '@timestamp': ISO,
        '@version': '1',
        message: STAMPED,
        host: { hostname: 'db-7' },
        process: { name: 'kernel' },
        log: { syslog: { priority: 3, facility: { code: 0, name: 'kernel' }, severity: { code: 3, name: 'Error' } } },
      })}\n`,
    },
    {
      sender: 'Filebeat on a data stream',
      protocol: elasticsearch,
      path: 'filebeat-8.13.0/_bulk',
      body: `{"create":{"_index":"filebeat-8.13.0"}}\n${JSON.stringify({
        '@timestamp': ISO,
        agent: { name: 'db-7', type: 'filebeat', version: '8.13.0' },
        host: { name: 'db-7' },
        message: STAMPED,
        log: { level: 'err', syslog: { appname: 'kernel' }, file: { path: '/var/log/kern.log' } },
      })}\n`,
    },
    {
      sender: 'Vector from the journal',
      protocol: records,
      body: {
        _HOSTNAME: 'db-7',
        _TRANSPORT: 'kernel',
        __MONOTONIC_TIMESTAMP: '5012618220',
        _SOURCE_MONOTONIC_TIMESTAMP: '5012118220',
        __REALTIME_TIMESTAMP: '1795488349899005',
        PRIORITY: '3',
        SYSLOG_IDENTIFIER: 'kernel',
        host: 'db-7',
        message: TEXT,
        source_type: 'journald',
        timestamp: '2026-11-24T02:45:49.899005Z',
      },
    },
    {
      sender: 'Fluent Bit from kmsg',
      protocol: records,
      query: 'host=db-7',
      body: { date: SECONDS, priority: 3, sequence: 1_204, sec: 5_012, usec: 118_220, msg: TEXT },
    },
    {
      sender: 'Fluent Bit from the journal',
      protocol: records,
      body: [
        { date: SECONDS, _HOSTNAME: 'db-7', _TRANSPORT: 'kernel', PRIORITY: '3', SYSLOG_FACILITY: '0', MESSAGE: TEXT },
      ],
    },
    {
      sender: 'fluentd from syslog',
      protocol: records,
      body: { '@timestamp': ISO, host: 'db-7', ident: 'kernel', message: STAMPED },
    },
    {
      sender: 'syslog-ng as text',
      protocol: records,
      body: `2026-11-24T02:45:49.399005+00:00 db-7 kernel: ${STAMPED}\n`,
    },
    {
      sender: 'syslog-ng splunk-hec-event()',
      protocol: splunk,
      path: 'services/collector/event',
      body: { time: SECONDS, host: 'db-7', source: 'kernel', sourcetype: 'kern', event: STAMPED },
    },
    {
      sender: 'Docker splunk driver, json format',
      protocol: splunk,
      path: 'services/collector/event/1.0',
      body: { time: String(SECONDS), host: 'db-7', event: { line: { msg: STAMPED }, source: 'stderr', tag: 'kernel' } },
    },
    {
      sender: 'Fluent Bit splunk output',
      protocol: splunk,
      path: 'services/collector/event',
      body: { time: SECONDS, host: 'db-7', event: { MESSAGE: TEXT, SYSLOG_IDENTIFIER: 'kernel', PRIORITY: '3' } },
    },
    {
      sender: 'rsyslog omhttp to Loki',
      protocol: loki,
      path: 'loki/api/v1/push',
      body: {
        streams: [
          { stream: { host: 'db-7', facility: 'kern', syslog_identifier: 'kernel' }, values: [[String(NS), STAMPED]] },
        ],
      },
    },
    {
      sender: 'Alloy with the machine as instance and structured metadata',
      protocol: loki,
      path: 'loki/api/v1/push',
      body: lokiPush('{instance="db-7", job="integrations/node_exporter", transport="kernel"}', TEXT, [
        ['detected_level', 'error'],
      ]),
    },
    {
      sender: 'Promtail from kern.log',
      protocol: loki,
      path: 'api/prom/push',
      body: lokiPush(
        '{filename="/var/log/kern.log", host="db-7", job="varlogs"}',
        `2026-11-24T02:45:49.399005+00:00 db-7 kernel: ${STAMPED}`,
        [],
      ),
    },
    {
      sender: "the Collector's journald receiver",
      protocol: otlp,
      path: 'v1/logs',
      body: otlpLogs({
        _HOSTNAME: 'db-7',
        _TRANSPORT: 'kernel',
        __MONOTONIC_TIMESTAMP: '5012618220',
        _SOURCE_MONOTONIC_TIMESTAMP: '5012118220',
        __REALTIME_TIMESTAMP: '1795488349899005',
        PRIORITY: '3',
        MESSAGE: TEXT,
      }),
    },
    {
      sender: "the Collector's filelog receiver",
      protocol: otlp,
      path: 'v1/logs',
      body: otlpLogs(`2026-11-24T02:45:49.399005+00:00 db-7 kernel: ${STAMPED}`),
    },
  ]

function lokiPush(labels: string, line: string, metadata: [string, string][]): Uint8Array {
  const pairs = metadata.map(([name, value]): [number, Uint8Array] => [3, message([1, name], [2, value])])
  const stamp = message([1, NS / 1_000_000_000n], [2, NS % 1_000_000_000n])
  return message([1, message([1, labels], [2, message([1, stamp], [2, line], ...pairs)])])
}

function otlpLogs(body: string | Record<string, string>): object {
  const values = (members: Record<string, string>) =>
    Object.entries(members).map(([key, text]) => ({ key, value: { stringValue: text } }))
  const value = typeof body === 'string' ? { stringValue: body } : { kvlistValue: { values: values(body) } }
  const record = { observedTimeUnixNano: String(NS), body: value, attributes: values({ 'log.file.name': 'kern.log' }) }
  return { resourceLogs: [{ resource: {}, scopeLogs: [{ scope: {}, logRecords: [record] }] }] }
}

describe('the same kill from', () => {
  test.each(SIBLINGS)('$sender', ({ protocol, path, query, body }) => {
    const sent = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body)
    const [line, ...more] = protocol.decode(requestOf(sent, { path, query })).lines
    expect(more).toEqual([])
    expect(line).toMatchObject({ host: 'db-7', program: 'kernel', monotonicUs: expect.toSatisfy(isUptimeOrNull) })
    // A text line keeps milliseconds.
    expect((line?.atNs ?? 0n) / 1_000_000n).toBe(NS / 1_000_000n)
    expect(line?.text.replace(/^\[ 5012\.118220\] /, '')).toBe(TEXT)
  })
})

function isUptimeOrNull(value: unknown): boolean {
  return value === null || value === 5_012_118_220
}

test('levels of pino are none of syslog', () => {
  const [line] = records.decode(requestOf(JSON.stringify({ level: 40, hostname: 'db-7', msg: TEXT }))).lines
  expect(line?.priority).toBe(4)
})

test('a metric that travels as an event is no line', () => {
  const metric = { time: SECONDS, host: 'db-7', event: 'metric', fields: { 'metric_name:system.memory.usage': 1 } }
  const request = requestOf(JSON.stringify(metric), { path: 'services/collector' })
  expect(splunk.decode(request)).toMatchObject({ lines: [], refused: [], items: 1 })
})

test('clients of Elasticsearch 8 find their product in every answer', () => {
  const request = requestOf('{"index":{}}\n{"message":"x"}\n', { path: '_bulk' })
  expect(elasticsearch.accept(request, elasticsearch.decode(request)).headers).toEqual({
    'X-Elastic-Product': 'Elasticsearch',
  })
})

describe('collectd without StoreRates', () => {
  const faults = (values: number[]) => ({
    values,
    dstypes: ['derive', 'derive'],
    dsnames: ['minflt', 'majflt'],
    time: SECONDS,
    host: 'db-7',
    plugin: 'vmem',
    type: 'vmpage_faults',
  })
  const swap = { ...faults([36, 130_519]), dsnames: ['in', 'out'], type: 'vmpage_io', type_instance: 'swap' }
  const at = 1_795_488_349_399

  test('sends totals since boot, and they are no rates', () => {
    const { readings } = collectd.decode(requestOf(JSON.stringify([faults([1_824_113, 1_695]), swap])))
    expect(readings).toEqual([
      { host: 'db-7', at, counter: 'majorFaults', value: 1_695 },
      { host: 'db-7', at, counter: 'swapInPages', value: 36 },
      { host: 'db-7', at, counter: 'swapOutPages', value: 130_519 },
    ])
  })

  test('while rates have fractions', () => {
    const { readings } = collectd.decode(requestOf(JSON.stringify([faults([353.497_219, 2])])))
    expect(readings).toEqual([{ host: 'db-7', at, field: 'majorFaultsPerSec', value: 2 }])
  })
})

test("Netdata's values as collected are passed over: their unit is not the one they name", () => {
  const metric = (value: string) =>
    `[\n{"hostname":"db-7","chart_id":"system.ram","units": "MiB","id":"free","value":${value},"timestamp": 1795488349}\n]\n`
  expect(netdata.decode(requestOf(metric('21541552')))).toMatchObject({
    readings: [],
    remarks: [expect.stringContaining('average')],
  })
  expect(netdata.decode(requestOf(metric('768.0000000'))).readings).toMatchObject([
    { field: 'memFree', value: 768 * 1024 ** 2 },
  ])
})

test('an OTLP record may nest as deep as its objects do, which is five levels of JSON each', () => {
  let value: object = { stringValue: 'x' }
  for (let depth = 0; depth < 10; depth += 1) value = { kvlistValue: { values: [{ key: 'inner', value }] } }
  const record = { timeUnixNano: String(NS), body: { stringValue: TEXT }, attributes: [{ key: 'object', value }] }
  const body = { resourceLogs: [{ scopeLogs: [{ logRecords: [record] }] }] }
  const request = requestOf(JSON.stringify(body), { path: 'v1/logs' })
  expect(otlp.decode(request).lines).toMatchObject([{ text: TEXT }])
})

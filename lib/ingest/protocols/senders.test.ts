import { describe, expect, test } from 'vitest'
import { alertmanager } from '@/lib/ingest/protocols/alertmanager'
import { collectd } from '@/lib/ingest/protocols/collectd'
import { elasticsearch } from '@/lib/ingest/protocols/elasticsearch'
import { influx } from '@/lib/ingest/protocols/influx'
import { kubernetes } from '@/lib/ingest/protocols/kubernetes'
import { netdata } from '@/lib/ingest/protocols/netdata'
import { findProtocol, PROTOCOLS } from '@/lib/ingest/protocols/registry'
import { requestOf } from '@/lib/ingest/protocols/request.fixture'
import { splunk } from '@/lib/ingest/protocols/splunk'

const SECONDS = 1_795_488_349
const AT = SECONDS * 1000

describe('line protocol', () => {
  const decode = (body: string, query = '') => influx.decode(requestOf(body, { path: 'api/v2/write', query }))

  test("Telegraf's memory, swap, load, counters and pressure", () => {
    const body = [
      `mem,host=cart-3 available=4096i,total=8192i,used_percent=50 ${AT}000000`,
      `swap,host=cart-3 in=100i,out=200i ${AT}000000`,
      `system,host=cart-3 load1=0.5,uptime_format="1 day, 2:03" ${AT}000000`,
      `kernel_vmstat,host=cart-3 oom_kill=3i,pswpin=7i ${AT}000000`,
      `pressure,host=cart-3,resource=memory,type=some avg10=12.5,total=9i ${AT}000000`,
    ].join('\n')
    expect(decode(body).readings).toEqual([
      { host: 'cart-3', at: AT, field: 'memAvailable', value: 4096 },
      { host: 'cart-3', at: AT, field: 'memTotal', value: 8192 },
      { host: 'cart-3', at: AT, counter: 'swapInBytes', value: 100 },
      { host: 'cart-3', at: AT, counter: 'swapOutBytes', value: 200 },
      { host: 'cart-3', at: AT, field: 'load1', value: 0.5 },
      { host: 'cart-3', at: AT, counter: 'oomKills', value: 3 },
      { host: 'cart-3', at: AT, counter: 'swapInPages', value: 7 },
      { host: 'cart-3', at: AT, field: 'psiMemSomeAvg10', value: 12.5 },
    ])
  })

  test('escaped names and another precision', () => {
    const [reading] = decode(`mem,rack=a\\ b\\,c,host=cart-3 free=1i ${SECONDS}`, 'precision=s').readings
    expect(reading).toEqual({ host: 'cart-3', at: AT, field: 'memFree', value: 1 })
  })

  test('a broken line is named, the others are kept', () => {
    const request = requestOf(`mem,host=cart-3 free=1i ${AT}000000\nmem host= nonsense\n`, { path: 'write' })
    const decoded = influx.decode(request)
    expect(decoded.readings).toHaveLength(1)
    expect(influx.accept(request, decoded)).toMatchObject({ status: 400, body: expect.stringContaining('Line 2') })
  })

  test("Telegraf's JSON says the same", () => {
    const metric = { name: 'mem', tags: { host: 'cart-3' }, fields: { free: 1 }, timestamp: SECONDS }
    for (const body of [JSON.stringify({ metrics: [metric] }), JSON.stringify(metric)]) {
      expect(decode(body).readings).toEqual([{ host: 'cart-3', at: AT, field: 'memFree', value: 1 }])
    }
  })

  test('a database is "created" and health is good before anything is sent', () => {
    const ask = (method: string, path: string) => influx.greet?.({ ...requestOf('', { path }), method })?.status
    expect(ask('POST', 'query')).toBe(200)
    expect(ask('GET', 'ping')).toBe(204)
    expect(ask('POST', 'write')).toBeUndefined()
  })
})

describe('collectd', () => {
  const value = (plugin: string, type: string, instance: string, amount: number | null, about = {}) => ({
    values: [amount],
    dstypes: ['gauge'],
    dsnames: ['value'],
    time: SECONDS + 0.608,
    interval: 10,
    host: 'cart-3',
    plugin,
    plugin_instance: '',
    type,
    type_instance: instance,
    ...about,
  })

  test('the whole is said when all its parts came together', () => {
    const parts = ['used', 'free', 'cached', 'buffered', 'slab_recl', 'slab_unrecl']
    const body = JSON.stringify(parts.map((part) => value('memory', 'memory', part, 100)))
    const { readings } = collectd.decode(requestOf(body))
    expect(readings).toContainEqual({ host: 'cart-3', at: AT + 608, field: 'memTotal', value: 600 })
    const fewer = collectd.decode(
      requestOf(JSON.stringify(parts.slice(1).map((part) => value('memory', 'memory', part, 1)))),
    )
    expect(fewer.readings.map((reading) => 'field' in reading && reading.field)).not.toContain('memTotal')
  })

  test('a rate that is null stays unknown', () => {
    const faults = { dsnames: ['minflt', 'majflt'], dstypes: ['derive', 'derive'] }
    const body = (values: (number | null)[]) =>
      requestOf(JSON.stringify([value('vmem', 'vmpage_faults', '', 0, { ...faults, values })]))
    expect(collectd.decode(body([null, null])).readings).toEqual([])
    expect(collectd.decode(body([5, 2.5])).readings).toEqual([
      { host: 'cart-3', at: AT + 608, field: 'majorFaultsPerSec', value: 2.5 },
    ])
  })
})

test("Netdata's units are in the message and its outgoing side is negative", () => {
  const metric = { prefix: 'netdata', hostname: 'cart-3', timestamp: SECONDS }
  const body = JSON.stringify([
    { ...metric, chart_id: 'system.swapio', units: 'KiB/s', id: 'out', name: 'out', value: -2 },
    { ...metric, chart_id: 'mem.available', units: 'MiB', id: 'MemAvailable', name: 'avail', value: 3 },
  ]).replaceAll(/"value":(-?\d+)/g, '"value":$1.0000000')
  expect(netdata.decode(requestOf(body)).readings).toEqual([
    { host: 'cart-3', at: AT, field: 'swapOutPerSec', value: 2048 },
    { host: 'cart-3', at: AT, field: 'memAvailable', value: 3 * 1024 * 1024 },
  ])
  expect(netdata.decode(requestOf('[\n\n]\n')).readings).toEqual([])
})

describe('bulk', () => {
  test('a broken document costs itself alone, and each has its item', () => {
    const body = '{"index":{"_index":"logs"}}\n{"message":"Mem-Info:","host":"cart-3"}\n{"create":{}}\n{"message":\n'
    const request = requestOf(body, { path: '_bulk' })
    const decoded = elasticsearch.decode(request)
    expect(decoded.lines).toHaveLength(1)
    const answer = JSON.parse(String(elasticsearch.accept(request, decoded).body))
    expect(answer).toMatchObject({
      errors: true,
      items: [{ index: { _index: 'logs', status: 201 } }, { create: { status: 400 } }],
    })
  })

  test('rsyslog is told that the server is well when it comes back', () => {
    expect(elasticsearch.greet?.({ ...requestOf('', { path: '_cat/health' }), method: 'GET' })?.status).toBe(200)
  })

  test('Filebeat is told a version before it sends', () => {
    const answer = elasticsearch.greet?.({ ...requestOf(''), method: 'GET' })
    expect(JSON.parse(String(answer?.body))).toMatchObject({ version: { number: '7.17.0' } })
  })
})

describe('HEC', () => {
  test('events follow each other without commas; objects and texts', () => {
    const body = [
      { time: '1795488349.399', host: 'cart-3', sourcetype: 'linux_kern', event: 'Mem-Info:' },
      { time: SECONDS, host: 'cart-3', event: { line: 'Out of memory', source: 'stdout', tag: '5f1a' } },
    ]
    const request = requestOf(body.map((event) => JSON.stringify(event)).join(''), { path: 'services/collector/event' })
    const decoded = splunk.decode(request)
    expect(decoded.lines).toMatchObject([
      { host: 'cart-3', program: 'kernel', atNs: 1_795_488_349_399_000_000n, text: 'Mem-Info:' },
      { host: 'cart-3', program: '5f1a', text: 'Out of memory' },
    ])
    expect(splunk.accept(request, decoded)).toMatchObject({ status: 200, body: '{"text":"Success","code":0}' })
  })

  test('raw is lines', () => {
    const request = requestOf('Nov 24 02:43:42 cart-3 kernel: Mem-Info:\n', { path: 'services/collector/raw' })
    expect(splunk.decode(request).lines).toMatchObject([{ host: 'cart-3', text: 'Mem-Info:' }])
  })
})

describe('alerts', () => {
  const alert = {
    status: 'firing',
    labels: { alertname: 'HostOutOfMemory', instance: 'cart-3:9100', severity: 'critical' },
    annotations: { summary: 'OOM kill detected on cart-3' },
    startsAt: '2026-11-24T02:49:27Z',
    endsAt: '0001-01-01T00:00:00Z',
    fingerprint: '220438762864d85d',
  }
  const decode = (...alerts: object[]) => alertmanager.decode(requestOf(JSON.stringify({ version: '4', alerts }))).lines

  test('an alert is somebody’s word at the time it began, not the kernel’s', () => {
    expect(decode(alert)).toMatchObject([
      {
        host: 'cart-3',
        program: 'alertmanager',
        atNs: BigInt(Date.parse('2026-11-24T02:49:27Z')) * 1_000_000n,
        text: 'alert firing: HostOutOfMemory severity=critical instance=cart-3:9100: OOM kill detected on cart-3',
      },
    ])
  })

  test('sent again with another value in its words it is the same alert; resolved it is another', () => {
    const again = { ...alert, annotations: { summary: 'memory at 99 %' } }
    const resolved = { ...alert, status: 'resolved', endsAt: '2026-11-24T02:59:27Z' }
    const [first, second, third] = decode(alert, again, resolved)
    expect(second?.key).toBe(first?.key)
    expect(third?.key).not.toBe(first?.key)
    expect(third?.atNs).toBe(BigInt(Date.parse('2026-11-24T02:59:27Z')) * 1_000_000n)
  })
})

test('an event of Kubernetes is told in the words of kubelet, on its node', () => {
  const event = {
    kind: 'Event',
    metadata: { uid: 'e-1' },
    involvedObject: { kind: 'Node', name: 'node-7' },
    reason: 'SystemOOM',
    message: 'System OOM encountered, victim process: java, pid: 4711',
    type: 'Warning',
    source: { component: 'kubelet', host: 'node-7' },
    lastTimestamp: '2026-11-24T02:45:49Z',
  }
  for (const body of [event, { items: [event] }, { verb: 'ADDED', event }, { type: 'ADDED', object: event }]) {
    expect(kubernetes.decode(requestOf(JSON.stringify(body))).lines).toMatchObject([
      {
        host: 'node-7',
        program: 'kubelet',
        text: `Event(v1.ObjectReference{Kind:"Node", Namespace:"", Name:"node-7"}): type: 'Warning' reason: 'SystemOOM' System OOM encountered, victim process: java, pid: 4711`,
      },
    ])
  }
})

describe('the registry', () => {
  test('every name leads to one protocol', () => {
    const names = PROTOCOLS.flatMap((protocol) => [protocol.name, ...protocol.aliases])
    expect(new Set(names).size).toBe(names.length)
    for (const name of names) expect(findProtocol(name)).not.toBeNull()
  })

  test('what people copy has their address and token in it', () => {
    for (const { senders } of PROTOCOLS) {
      for (const sender of senders) {
        const text = sender.configuration('https://oom.example:8443', 'oom_abc', 3001)
        expect(text, sender.name).toContain('oom_abc')
        expect(text, sender.name).toMatch(/oom\.example/)
        expect(text.split('\n').length, sender.name).toBeLessThan(20)
      }
    }
  })
})

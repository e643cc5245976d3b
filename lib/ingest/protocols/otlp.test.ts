import { describe, expect, test } from 'vitest'
import { AppError } from '@/lib/errors'
import { otlp } from '@/lib/ingest/protocols/otlp'
import { message, requestOf } from '@/lib/ingest/protocols/request.fixture'
import { gatherProcesses } from '@/lib/ingest/protocols/snapshots'

const JSON_TYPE = { headers: { 'content-type': 'application/json' } }
const NANOS = '1795488352944000000'
const AT = 1_795_488_352_944

function attribute(key: string, value: string) {
  return { key, value: { stringValue: value } }
}

function metrics(...list: object[]): string {
  return JSON.stringify({
    resourceMetrics: [
      { resource: { attributes: [attribute('host.name', 'cart-3')] }, scopeMetrics: [{ metrics: list }] },
    ],
  })
}

function point(value: number, ...attributes: object[]) {
  return { timeUnixNano: NANOS, asInt: String(value), attributes }
}

describe('metrics', () => {
  const decode = (body: string) => otlp.decode(requestOf(body, { path: 'v1/metrics', ...JSON_TYPE }))
  const values = (body: string) =>
    Object.fromEntries(
      decode(body).readings.map((reading) => ('field' in reading ? [reading.field, reading.value] : [])),
    )

  test("the Collector's states are the kernel's, and none of them is made into a total", () => {
    const states = { used: 500, free: 300, cached: 150, buffered: 50, slab_reclaimable: 20, slab_unreclaimable: 10 }
    const dataPoints = Object.entries(states).map(([state, value]) => point(value, attribute('state', state)))
    expect(values(metrics({ name: 'system.memory.usage', sum: { dataPoints } }))).toEqual({
      memUsed: 500,
      memFree: 300,
      cached: 150,
      buffers: 50,
      sReclaimable: 20,
      sUnreclaim: 10,
    })
  })

  test('where only used and free are told, free is what is available', () => {
    const dataPoints = [
      point(600, attribute('system.memory.state', 'used')),
      point(400, attribute('system.memory.state', 'free')),
    ]
    expect(values(metrics({ name: 'system.memory.usage', gauge: { dataPoints } }))).toEqual({
      memTotal: 1000,
      memAvailable: 400,
    })
  })

  test('swap is summed over its devices', () => {
    const dataPoints = ['/dev/sda2', '/swapfile'].flatMap((device) => [
      point(30, attribute('device', device), attribute('state', 'used')),
      point(70, attribute('device', device), attribute('state', 'free')),
    ])
    expect(values(metrics({ name: 'system.paging.usage', sum: { dataPoints } }))).toEqual({
      swapFree: 140,
      swapTotal: 200,
    })
  })

  test('a resource that names no machine is passed over, and the sender is told', () => {
    const body = JSON.stringify({
      resourceMetrics: [
        {
          resource: { attributes: [attribute('service.name', 'cart')] },
          scopeMetrics: [{ metrics: [{ name: 'system.cpu.load_average.1m', gauge: { dataPoints: [point(1)] } }] }],
        },
      ],
    })
    const request = requestOf(body, { path: 'v1/metrics', ...JSON_TYPE })
    const decoded = otlp.decode(request)
    expect(decoded.readings).toEqual([])
    expect(JSON.parse(String(otlp.accept(request, decoded).body))).toMatchObject({
      partialSuccess: { rejectedDataPoints: '0', errorMessage: expect.stringContaining('host.name') },
    })
  })

  test('a process with its pid is a row of a process list', () => {
    const body = JSON.stringify({
      resourceMetrics: [
        {
          resource: {
            attributes: [
              attribute('host.name', 'cart-3'),
              { key: 'process.pid', value: { intValue: '4711' } },
              attribute('process.executable.name', 'java'),
            ],
          },
          scopeMetrics: [{ metrics: [{ name: 'process.memory.usage', sum: { dataPoints: [point(2_048)] } }] }],
        },
      ],
    })
    expect(decode(body).processes).toMatchObject([
      { host: 'cart-3', at: AT, rows: [{ pid: 4711, comm: 'java', rssKib: 2 }] },
    ])
  })
})

describe('logs', () => {
  const logs = (resource: object[], ...records: object[]) =>
    JSON.stringify({ resourceLogs: [{ resource: { attributes: resource }, scopeLogs: [{ logRecords: records }] }] })
  const decode = (body: string) => otlp.decode(requestOf(body, { path: 'v1/logs', ...JSON_TYPE })).lines

  test('nanoseconds are exact', () => {
    const record = { timeUnixNano: '1795488417767123456', severityNumber: 17, body: { stringValue: 'hello' } }
    expect(decode(logs([attribute('host.name', 'cart-3')], record))).toMatchObject([
      { host: 'cart-3', atNs: 1_795_488_417_767_123_456n, priority: 3, text: 'hello' },
    ])
  })

  test("the journald receiver's entry is a body of fields", () => {
    const kvlist = {
      values: [
        attribute('MESSAGE', 'Out of memory: Killed process 812 (java)'),
        attribute('_HOSTNAME', 'cart-3'),
        attribute('_TRANSPORT', 'kernel'),
        attribute('_BOOT_ID', '5b7d3c1e9f024b6d8a1c2e3f4a5b6c7d'),
        attribute('__REALTIME_TIMESTAMP', '1795488349399005'),
      ],
    }
    expect(decode(logs([], { body: { kvlistValue: kvlist } }))).toMatchObject([
      {
        host: 'cart-3',
        program: 'kernel',
        bootId: '5b7d3c1e9f024b6d8a1c2e3f4a5b6c7d',
        atNs: 1_795_488_349_399_005_000n,
        text: 'Out of memory: Killed process 812 (java)',
      },
    ])
  })

  test('what a service writes is its own word, whatever it says', () => {
    const resource = [attribute('host.name', 'cart-3'), attribute('service.name', 'cart')]
    const [line] = decode(logs(resource, { body: { stringValue: 'Out of memory: Killed process 1 (init)' } }))
    expect(line?.program).toBe('cart')
  })

  test('lines collected from the kernel log are not those of the collector', () => {
    const resource = [attribute('host.name', 'cart-3'), attribute('service.name', 'collector')]
    const record = { body: { stringValue: 'Mem-Info:' }, attributes: [attribute('log.file.name', 'kern.log')] }
    expect(decode(logs(resource, record))[0]?.program).toBeNull()
  })
})

test('an empty request succeeds in both encodings', () => {
  for (const headers of [{ 'content-type': 'application/json' }, { 'content-type': 'application/x-protobuf' }]) {
    for (const path of ['v1/logs', 'v1/metrics']) {
      const request = requestOf(headers['content-type'].endsWith('json') ? '{}' : '', { path, headers })
      const answer = otlp.accept(request, otlp.decode(request))
      expect(answer).toMatchObject({ status: 200, contentType: headers['content-type'] })
    }
  }
})

test('a failure is a google.rpc.Status in the encoding of the request', () => {
  const problem = new AppError('too-large', 'Too much.')
  const json = otlp.refuse?.(requestOf('{}', JSON_TYPE), problem)
  expect(json).toMatchObject({ status: 413, contentType: 'application/json' })
  expect(JSON.parse(String(json?.body))).toEqual({ code: 3, message: 'Too much.' })
  const binary = otlp.refuse?.(requestOf('', { headers: { 'content-type': 'application/x-protobuf' } }), problem)
  expect(Buffer.from(binary?.body ?? '')).toEqual(Buffer.from(message([1, 3n], [2, 'Too much.'])))
})

test('values nested without end are refused', () => {
  let value = message([1, 'deep'])
  for (let depth = 0; depth < 200; depth += 1) value = message([5, message([1, value])])
  const body = message([1, message([2, message([2, message([5, value])])])])
  const request = requestOf(body, { path: 'v1/logs', headers: { 'content-type': 'application/x-protobuf' } })
  expect(() => otlp.decode(request)).toThrow(/deeper/)
})

describe("the Collector's receivers", () => {
  const SCOPE =
    'github.com/open-telemetry/opentelemetry-collector-contrib/receiver/hostmetricsreceiver/internal/scraper/pagingscraper'
  const paging = (scope: string, name: string, ...dataPoints: object[]) =>
    JSON.stringify({
      resourceMetrics: [
        {
          resource: { attributes: [attribute('host.name', 'cart-3')] },
          scopeMetrics: [
            {
              scope: { name: scope },
              metrics: [{ name, sum: { isMonotonic: true, aggregationTemporality: 2, dataPoints } }],
            },
          ],
        },
      ],
    })
  const readings = (body: string) => otlp.decode(requestOf(body, { path: 'v1/metrics', ...JSON_TYPE })).readings

  test('its library multiplies pages and faults by 4096, which is undone', () => {
    const operations = ['page_in', 'page_out'].flatMap((direction, index) => [
      point((index + 1) * 4096, attribute('direction', direction), attribute('type', 'major')),
      point(99, attribute('direction', direction), attribute('type', 'minor')),
    ])
    expect(readings(paging(SCOPE, 'system.paging.operations', ...operations))).toEqual([
      { host: 'cart-3', at: AT, counter: 'swapInPages', value: 1 },
      { host: 'cart-3', at: AT, counter: 'swapOutPages', value: 2 },
    ])
    const faults = [point(7 * 4096, attribute('type', 'major')), point(5, attribute('type', 'minor'))]
    expect(readings(paging(SCOPE, 'system.paging.faults', ...faults))).toEqual([
      { host: 'cart-3', at: AT, counter: 'majorFaults', value: 7 },
    ])
  })

  test('a total that is no multiple was not multiplied', () => {
    expect(readings(paging(SCOPE, 'system.paging.faults', point(4097, attribute('type', 'major'))))).toMatchObject([
      { counter: 'majorFaults', value: 4097 },
    ])
    const operation = point(4097, attribute('direction', 'page_in'), attribute('type', 'major'))
    expect(readings(paging(SCOPE, 'system.paging.operations', operation))).toEqual([])
  })

  test('of any other sender nobody knows what the totals count', () => {
    expect(readings(paging('my.app', 'system.paging.faults', point(4096, attribute('type', 'major'))))).toEqual([])
  })

  test('each process is a resource of its own, and one list with the others of its scrape', () => {
    const process = (pid: number, comm: string, rss: number, nanos: string) => ({
      resource: {
        attributes: [
          attribute('host.name', 'cart-3'),
          { key: 'process.pid', value: { intValue: String(pid) } },
          attribute('process.executable.name', comm),
          attribute('process.owner', 'app'),
        ],
      },
      scopeMetrics: [
        {
          metrics: [
            { name: 'process.memory.usage', sum: { dataPoints: [{ timeUnixNano: nanos, asInt: String(rss) }] } },
            { name: 'process.memory.virtual', sum: { dataPoints: [{ timeUnixNano: nanos, asInt: '8192' }] } },
          ],
        },
      ],
    })
    const body = { resourceMetrics: [process(7, 'java', 4096, NANOS), process(9, 'sh', 1024, '1795488352951000000')] }
    const { processes } = otlp.decode(requestOf(JSON.stringify(body), { path: 'v1/metrics', ...JSON_TYPE }))
    expect(gatherProcesses(processes, otlp.snapshotToleranceMs)).toMatchObject([
      {
        host: 'cart-3',
        at: AT,
        rows: [
          { pid: 7, comm: 'java', user: 'app', rssKib: 4, vszKib: 8 },
          { pid: 9, comm: 'sh', rssKib: 1 },
        ],
      },
    ])
    const [first] = processes
    expect(gatherProcesses(first ? [first, first] : [], 1_000)).toHaveLength(2)
  })

  const logs = (resource: object[], record: object) =>
    otlp.decode(
      requestOf(
        JSON.stringify({
          resourceLogs: [
            { resource: { attributes: resource }, scopeLogs: [{ logRecords: [{ timeUnixNano: NANOS, ...record }] }] },
          ],
        }),
        { path: 'v1/logs', ...JSON_TYPE },
      ),
    ).lines
  const SYSTEM_OOM = 'System OOM encountered, victim process: java, pid: 4711'
  const AS_KUBELET = `Event(v1.ObjectReference{Kind:"Node", Namespace:"", Name:"node-7"}): type: 'Warning' reason: 'SystemOOM' ${SYSTEM_OOM}`

  test('a Kubernetes event, taken apart by k8s_events', () => {
    const resource = [attribute('k8s.object.kind', 'Node'), attribute('k8s.object.name', 'node-7')]
    const attributes = [attribute('k8s.event.reason', 'SystemOOM'), attribute('k8s.event.uid', 'e-1')]
    const record = { severityNumber: 13, body: { stringValue: SYSTEM_OOM }, attributes }
    expect(logs(resource, record)).toMatchObject([
      { host: 'node-7', program: 'kubelet', text: AS_KUBELET, key: 'e-1 1', atNs: BigInt(NANOS) },
    ])
  })

  test('a Kubernetes event as a whole object, from k8sobjects', () => {
    const text = (value: string) => ({ stringValue: value })
    const map = (members: Record<string, object>) => ({
      kvlistValue: { values: Object.entries(members).map(([key, value]) => ({ key, value })) },
    })
    const object = map({
      kind: text('Event'),
      reason: text('SystemOOM'),
      message: text(SYSTEM_OOM),
      type: text('Warning'),
      involvedObject: map({ kind: text('Node'), name: text('node-7') }),
      lastTimestamp: text('2026-11-24T02:45:49Z'),
    })
    expect(logs([], { body: map({ type: text('ADDED'), object }) })).toMatchObject([
      { host: 'node-7', program: 'kubelet', text: AS_KUBELET },
    ])
  })
})

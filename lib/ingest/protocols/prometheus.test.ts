import { describe, expect, test } from 'vitest'
import { prometheus } from '@/lib/ingest/protocols/prometheus'
import { message, packed, requestOf } from '@/lib/ingest/protocols/request.fixture'

const AT = 1_795_488_149_822

function series(labels: Record<string, string>, value: number, at = AT): Uint8Array {
  const pairs = Object.entries(labels).map(([name, text]): [number, Uint8Array] => [1, message([1, name], [2, text])])
  return message(...pairs, [2, message([1, value], [2, BigInt(at)])])
}

function stale(): number {
  const view = new DataView(new ArrayBuffer(8))
  view.setBigUint64(0, 0x7ff0000000000002n)
  return view.getFloat64(0)
}

describe('remote write 1.0', () => {
  test('values are of the machine that uname names, not of the address that was scraped', () => {
    const body = message(
      [1, series({ __name__: 'node_memory_MemFree_bytes', instance: '10.0.0.7:9100' }, 1024)],
      [1, series({ __name__: 'node_uname_info', instance: '10.0.0.7:9100', nodename: 'cart-3', machine: 'x86_64' }, 1)],
    )
    const decoded = prometheus.decode(requestOf(body, { path: 'api/v1/write' }))
    expect(decoded.readings).toEqual([{ host: 'cart-3', at: AT, field: 'memFree', value: 1024 }])
    expect(decoded.identities).toEqual([
      { name: 'cart-3', aliases: ['10.0.0.7:9100'], machineId: null, pageSizeBytes: 4096 },
    ])
  })

  test('a part of a scrape without uname keeps the address, to be resolved by what is stored', () => {
    const body = message([1, series({ __name__: 'node_vmstat_oom_kill', instance: '10.0.0.7:9100' }, 3)])
    expect(prometheus.decode(requestOf(body)).readings).toEqual([
      { host: '10.0.0.7:9100', at: AT, counter: 'oomKills', value: 3 },
    ])
  })

  test('a label that people add names the machine', () => {
    const labels = { __name__: 'node_load1', instance: 'localhost:9100', host: 'cart-3' }
    expect(prometheus.decode(requestOf(message([1, series(labels, 2.5)]))).readings[0]?.host).toBe('cart-3')
  })

  test('staleness ends the line and is no value', () => {
    const body = message([1, series({ __name__: 'node_load1', instance: 'cart-3:9100' }, stale())])
    expect(prometheus.decode(requestOf(body))).toMatchObject({ readings: [], refused: [] })
  })

  test('series that say nothing about memory make no host and are taken', () => {
    const body = message([1, series({ __name__: 'prometheus_build_info', instance: 'localhost:9090' }, 1)])
    const request = requestOf(body)
    const decoded = prometheus.decode(request)
    expect(decoded).toMatchObject({ readings: [], identities: [] })
    expect(prometheus.accept(request, decoded).status).toBe(204)
  })

  test('a time no clock shows is refused by name, the rest is kept', () => {
    const body = message(
      [1, series({ __name__: 'node_load1', instance: 'cart-3:9100' }, 1, 4_102_444_800_000)],
      [1, series({ __name__: 'node_load5', instance: 'cart-3:9100' }, 2)],
    )
    const request = requestOf(body)
    const decoded = prometheus.decode(request)
    expect(decoded.readings).toHaveLength(1)
    expect(prometheus.accept(request, decoded)).toMatchObject({ status: 400 })
  })
})

describe('remote write 2.0', () => {
  const headers = {
    'content-type': 'application/x-protobuf;proto=io.prometheus.write.v2.Request',
    'x-prometheus-remote-write-version': '2.0.0',
  }
  const symbols = ['', '__name__', 'node_memory_MemAvailable_bytes', 'instance', 'cart-3:9100']
  const body = message(...symbols.map((symbol): [number, string] => [4, symbol]), [
    5,
    message([1, packed(1, 2, 3, 4)], [2, message([1, 4096], [2, BigInt(AT)])]),
  ])

  test('labels are looked up among the symbols', () => {
    expect(prometheus.decode(requestOf(body, { headers })).readings).toEqual([
      { host: 'cart-3:9100', at: AT, field: 'memAvailable', value: 4096 },
    ])
  })

  test('the answer counts what was written', () => {
    const request = requestOf(body, { headers })
    expect(prometheus.accept(request, prometheus.decode(request))).toMatchObject({
      status: 200,
      headers: {
        'X-Prometheus-Remote-Write-Samples-Written': '1',
        'X-Prometheus-Remote-Write-Histograms-Written': '0',
        'X-Prometheus-Remote-Write-Exemplars-Written': '0',
      },
    })
  })

  test('a symbol that is not there is refused', () => {
    const broken = message([4, ''], [5, message([1, packed(1, 99)])])
    expect(() => prometheus.decode(requestOf(broken, { headers }))).toThrow(/symbol/)
  })

  test('a message of another kind is an unsupported type, so that the sender falls back', () => {
    const other = { 'content-type': 'application/x-protobuf;proto=io.prometheus.write.v3.Request' }
    expect(() => prometheus.decode(requestOf(body, { headers: other }))).toThrow(/not known/)
  })
})

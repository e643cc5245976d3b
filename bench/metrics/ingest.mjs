import { Agent, request } from 'node:http'
import { percentiles, sampleAt } from './samples.mjs'

const WAIT_FOR_REST_MS = 15_000

/**
 * Sends batches at an even rate for some time while readers ask for charts, on as many connections as it takes.
 *
 * @param rowsPerBatch samples of one host in each batch
 */
export async function sendFleet({ url, token, hosts, batchesPerSecond, rowsPerBatch, seconds, readers, start }) {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 })
  const writes = { durations: [], byStatus: {} }
  const reads = { durations: [], byStatus: {} }
  const total = batchesPerSecond * seconds
  const begin = performance.now()
  const end = begin + seconds * 1_000
  const reading = Array.from({ length: readers }, (_, reader) => read(reader))
  const sending = []
  for (let batch = 0; batch < total; batch += 1) {
    const due = begin + (batch * 1_000) / batchesPerSecond
    const wait = due - performance.now()
    if (wait > 1) await new Promise((resolve) => setTimeout(resolve, wait))
    sending.push(send(batch, due))
  }
  await Promise.race([Promise.all(sending), new Promise((resolve) => setTimeout(resolve, WAIT_FOR_REST_MS))])
  const lasted = (performance.now() - begin) / 1_000
  await Promise.all(reading)
  agent.destroy()
  return {
    writes: { ...percentiles(writes.durations), byStatus: writes.byStatus },
    reads: { ...percentiles(reads.durations), byStatus: reads.byStatus },
    rowsPerSecond: Math.round(((writes.byStatus[200] ?? 0) * rowsPerBatch) / lasted),
  }

  /** Measured from when it was due, so that a stall counts for everyone who had to wait. */
  async function send(batch, due) {
    const round = Math.floor(batch / hosts)
    const samples = Array.from({ length: rowsPerBatch }, (_, index) => {
      const step = round * rowsPerBatch + index
      return sampleAt(start + step * 10_000, step + batch)
    })
    const body = JSON.stringify({ host: `fleet-${batch % hosts}`, samples })
    const status = await call('POST', '/api/v1/metrics', body)
    writes.durations.push(performance.now() - due)
    writes.byStatus[status] = (writes.byStatus[status] ?? 0) + 1
  }

  async function read(reader) {
    for (let turn = 0; performance.now() < end; turn += 1) {
      const host = `fleet-${(reader * 131 + turn * 17) % hosts}`
      const search = `from=${start - 3_600_000}&to=${start + 3_600_000}&fields=memTotal,memAvailable,swapFree`
      const before = performance.now()
      const status = await call('GET', `/api/v1/hosts/${host}/series?${search}`)
      reads.durations.push(performance.now() - before)
      reads.byStatus[status] = (reads.byStatus[status] ?? 0) + 1
      await new Promise((resolve) => setTimeout(resolve, 250))
    }
  }

  function call(method, path, body) {
    return new Promise((resolve) => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
      const sent = request(new URL(path, url), { method, agent, headers }, (answer) => {
        answer.resume()
        answer.once('end', () => resolve(answer.statusCode))
      })
      sent.once('error', () => resolve('no answer'))
      sent.end(body)
    })
  }
}

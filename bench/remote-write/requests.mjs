import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import { build } from 'esbuild'
import snappy from 'snappyjs'

const ROOT = join(import.meta.dirname, '../..')
const CAPTURE = join(
  ROOT,
  'lib/ingest/protocols/fixtures/prometheus/prometheus-2.42-remote_write-node_exporter-full-scrape.body.bin',
)
/** As many samples as Prometheus 2.42 puts into one request. */
const SAMPLES_PER_REQUEST = 500

/** The captured scrape of one host, multiplied: one request a few hosts, as Prometheus batches them. */
export async function loadScrape() {
  const { decompressSnappy, readWriteRequest } = await bundle()
  const { series } = readWriteRequest(decompressSnappy(readFileSync(CAPTURE), 1e8), () => true)
  const hostsPerRequest = Math.max(1, Math.round(SAMPLES_PER_REQUEST / series.length))
  return {
    samplesPerHost: series.length,
    /** Bodies of one scrape of hosts `from` to `to` at an instant. */
    *requests({ hosts, at, turn }) {
      for (let first = 0; first < hosts; first += hostsPerRequest) {
        const writer = new BinaryWriter()
        let samples = 0
        for (let host = first; host < Math.min(hosts, first + hostsPerRequest); host += 1) {
          for (const one of series) {
            writer.tag(1, WireType.LengthDelimited).fork()
            writeSeries(writer, one, { host, at, turn })
            writer.join()
            samples += 1
          }
        }
        yield { body: Buffer.from(snappy.compress(writer.finish())), samples }
      }
    },
  }
}

function writeSeries(writer, { name, labels, samples }, { host, at, turn }) {
  for (const [label, value] of labels) {
    const own = label === 'instance' ? `bench-${host}:9100` : label === 'nodename' ? `bench-${host}` : value
    writer.tag(1, WireType.LengthDelimited).fork()
    writer.tag(1, WireType.LengthDelimited).string(label)
    writer.tag(2, WireType.LengthDelimited).string(own)
    writer.join()
  }
  // Levels move a little and totals grow, so that nothing compresses better than life; no machine kills all the time.
  const isTotal = /_total$|^node_vmstat/.test(name)
  const grown = isTotal && name !== 'node_vmstat_oom_kill' ? turn * (1 + (host % 7)) : 0
  const value = (samples[0]?.value ?? 0) * (isTotal ? 1 : 1 - ((host * 31 + turn * 7) % 100) / 1_000) + grown
  writer.tag(2, WireType.LengthDelimited).fork()
  writer.tag(1, WireType.Bit64).double(value)
  writer.tag(2, WireType.Varint).int64(at)
  writer.join()
}

/** Our own decoder reads the capture. */
async function bundle() {
  const outfile = join(ROOT, `node_modules/.bench-remote-write-${process.pid}.mjs`)
  await build({
    stdin: {
      contents: `export { decompressSnappy } from '@/lib/ingest/protocols/snappy'
        export { readWriteRequest } from '@/lib/ingest/protocols/prometheus-messages'`,
      resolveDir: ROOT,
    },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    alias: { '@': ROOT },
    logLevel: 'error',
  })
  try {
    return await import(pathToFileURL(outfile).href)
  } finally {
    rmSync(outfile)
  }
}

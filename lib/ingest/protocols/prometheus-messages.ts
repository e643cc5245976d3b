import { AppError } from '@/lib/errors'
import { doubleOf, fieldsOf, integerOf, messageOf, textOf, varintsOf } from '@/lib/ingest/protocols/protobuf'
import type { EpochMs } from '@/lib/units'

export interface TimeSeries {
  name: string
  labels: ReadonlyMap<string, string>
  samples: { at: EpochMs; value: number }[]
}

export interface WriteRequest {
  version: 1 | 2
  series: TimeSeries[]
  metadata: number
  histograms: number
  exemplars: number
}

/** Enough for any scrape; a request that names more is not from Prometheus. */
const LABEL_LIMIT = 256

/**
 * A remote write request of either version. 1.0 has fields 1 (series) and 3 (metadata), 2.0 reserves those and has
 * 4 (symbols) and 5 (series); senders that forget the header are told apart by that.
 *
 * @param isWanted series of other names are counted and not built
 * @throws AppError 'invalid'
 * @see prompb/types.proto, prompb/io/prometheus/write/v2/types.proto of prometheus/prometheus
 */
export function readWriteRequest(body: Uint8Array, isWanted: (name: string) => boolean): WriteRequest {
  const request: WriteRequest = { version: 1, series: [], metadata: 0, histograms: 0, exemplars: 0 }
  const symbols: string[] = []
  const referring: Uint8Array[] = []
  for (const field of fieldsOf(body)) {
    if (field.number === 1) addSeries(request, messageOf(field), isWanted)
    else if (field.number === 3) request.metadata += 1
    else if (field.number === 4) symbols.push(textOf(field))
    else if (field.number === 5) referring.push(messageOf(field))
    if (field.number === 4 || field.number === 5) request.version = 2
  }
  // Symbols are written before the series, but nothing in the format promises it.
  for (const message of referring) addReferringSeries(request, message, symbols, isWanted)
  return request
}

const NAME = '__name__'
const NO_LABELS: ReadonlyMap<string, string> = new Map()

function addSeries(request: WriteRequest, message: Uint8Array, isWanted: (name: string) => boolean): void {
  const labels = new Map<string, string>()
  const samples: Uint8Array[] = []
  for (const field of fieldsOf(message)) {
    if (field.number === 1) {
      const [name, value] = readPair(messageOf(field))
      // Labels are sorted, so the name comes first: most series of a scrape end here.
      if (name === NAME && !isWanted(value)) {
        request.series.push({ name: value, labels: NO_LABELS, samples: [] })
        return
      }
      if (labels.size < LABEL_LIMIT) labels.set(name, value)
    } else if (field.number === 2) samples.push(messageOf(field))
    else if (field.number === 3) request.exemplars += 1
    else if (field.number === 4) request.histograms += 1
  }
  keep(request, labels, samples, isWanted)
}

function readPair(message: Uint8Array): [string, string] {
  let name = ''
  let value = ''
  for (const field of fieldsOf(message)) {
    if (field.number === 1) name = textOf(field)
    else if (field.number === 2) value = textOf(field)
  }
  return [name, value]
}

function addReferringSeries(
  request: WriteRequest,
  message: Uint8Array,
  symbols: readonly string[],
  isWanted: (name: string) => boolean,
): void {
  const refs: number[] = []
  const samples: Uint8Array[] = []
  for (const field of fieldsOf(message)) {
    if (field.number === 1) refs.push(...varintsOf(field))
    else if (field.number === 2) samples.push(messageOf(field))
    else if (field.number === 3) request.histograms += 1
    else if (field.number === 4) request.exemplars += 1
    if (refs.length > 2 * LABEL_LIMIT) throw new AppError('invalid', `A series has more than ${LABEL_LIMIT} labels.`)
  }
  const labels = new Map<string, string>()
  for (let index = 0; index + 1 < refs.length; index += 2) {
    const name = symbols[refs[index] ?? -1]
    const value = symbols[refs[index + 1] ?? -1]
    if (name === undefined || value === undefined) {
      throw new AppError('invalid', 'A series refers to a symbol that is not in the request.')
    }
    labels.set(name, value)
  }
  keep(request, labels, samples, isWanted)
}

function keep(
  request: WriteRequest,
  labels: ReadonlyMap<string, string>,
  samples: Uint8Array[],
  isWanted: (name: string) => boolean,
): void {
  const name = labels.get(NAME) ?? ''
  request.series.push({ name, labels, samples: isWanted(name) ? samples.map(readSample) : [] })
}

function readSample(message: Uint8Array): { at: EpochMs; value: number } {
  const sample = { at: 0, value: 0 }
  for (const field of fieldsOf(message)) {
    if (field.number === 1) sample.value = doubleOf(field)
    else if (field.number === 2) sample.at = Number(integerOf(field))
  }
  return sample
}

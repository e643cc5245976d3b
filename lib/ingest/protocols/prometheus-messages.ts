import { BinaryReader, WireType } from '@bufbuild/protobuf/wire'
import { AppError } from '@/lib/errors'
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
const NAME = '__name__'
const NO_LABELS: ReadonlyMap<string, string> = new Map()

type IsWanted = (name: string) => boolean

/**
 * A remote write request of either version. 1.0 has fields 1 (series) and 3 (metadata), 2.0 reserves those and has
 * 4 (symbols) and 5 (series); senders that forget the header are told apart by that.
 *
 * One reader walks the whole body: a scrape has hundreds of series and thousands of labels, and a reader for each of
 * them costs more than reading them.
 *
 * @param isWanted series of other names are counted and not built
 * @throws AppError 'invalid'
 * @see prompb/types.proto, prompb/io/prometheus/write/v2/types.proto of prometheus/prometheus
 */
export function readWriteRequest(body: Uint8Array, isWanted: IsWanted): WriteRequest {
  try {
    return readRequest(new BinaryReader(body), isWanted)
  } catch (error) {
    if (error instanceof AppError) throw error
    const reason = error instanceof Error ? error.message : 'it is broken'
    throw new AppError('invalid', `The body is not a remote write request: ${reason}.`)
  }
}

function readRequest(reader: BinaryReader, isWanted: IsWanted): WriteRequest {
  const request: WriteRequest = { version: 1, series: [], metadata: 0, histograms: 0, exemplars: 0 }
  const symbols: string[] = []
  const referring: { from: number; to: number }[] = []
  fields(reader, reader.len, (number, type) => {
    if (number === 4 || number === 5) request.version = 2
    if (type !== WireType.LengthDelimited) return false
    if (number === 1) addSeries(request, reader, enter(reader, reader.len), isWanted)
    else if (number === 4) symbols.push(reader.string())
    else if (number === 5) {
      const to = enter(reader, reader.len)
      referring.push({ from: reader.pos, to })
      reader.pos = to
    } else {
      if (number === 3) request.metadata += 1
      return false
    }
    return true
  })
  // Symbols are written before the series, but nothing in the format promises it.
  for (const { from, to } of referring) {
    reader.pos = from
    addReferringSeries(request, reader, to, symbols, isWanted)
  }
  return request
}

/** Calls `visit` for each field up to `end`; a field it does not read itself (false) is passed over. */
function fields(reader: BinaryReader, end: number, visit: (number: number, type: WireType) => boolean): void {
  while (reader.pos < end) {
    const [number, type] = reader.tag()
    if (!visit(number, type)) reader.skip(type, number, 20)
  }
  if (reader.pos !== end) throw new AppError('invalid', 'A message runs over its end.')
}

/** Where the message that begins here ends. */
function enter(reader: BinaryReader, parentEnd: number): number {
  const length = reader.uint32()
  const end = reader.pos + length
  if (end > parentEnd) throw new AppError('invalid', 'A message runs over its end.')
  return end
}

function addSeries(request: WriteRequest, reader: BinaryReader, end: number, isWanted: IsWanted): void {
  const labels = new Map<string, string>()
  const samples: TimeSeries['samples'] = []
  let unwanted: string | null = null
  fields(reader, end, (number, type) => {
    if (type !== WireType.LengthDelimited) return false
    if (number === 1) {
      const [name, value] = readPair(reader, enter(reader, end))
      if (labels.size < LABEL_LIMIT) labels.set(name, value)
      // Labels are sorted, so the name comes first: most series of a scrape end here.
      if (name === NAME && !isWanted(value)) {
        unwanted = value
        reader.pos = end
      }
      return true
    }
    if (number === 2) {
      samples.push(readSample(reader, enter(reader, end)))
      return true
    }
    request.exemplars += number === 3 ? 1 : 0
    request.histograms += number === 4 ? 1 : 0
    return false
  })
  if (unwanted !== null) request.series.push({ name: unwanted, labels: NO_LABELS, samples: [] })
  else keep(request, labels, samples, isWanted)
}

function readPair(reader: BinaryReader, end: number): [string, string] {
  let name = ''
  let value = ''
  fields(reader, end, (number, type) => {
    if (type !== WireType.LengthDelimited || number > 2) return false
    if (number === 1) name = reader.string()
    else value = reader.string()
    return true
  })
  return [name, value]
}

function addReferringSeries(
  request: WriteRequest,
  reader: BinaryReader,
  end: number,
  symbols: readonly string[],
  isWanted: IsWanted,
): void {
  const refs: number[] = []
  const samples: TimeSeries['samples'] = []
  fields(reader, end, (number, type) => {
    if (number === 1 && type === WireType.Varint) refs.push(reader.uint32())
    else if (type !== WireType.LengthDelimited) return false
    else if (number === 1) {
      const to = enter(reader, end)
      while (reader.pos < to) refs.push(reader.uint32())
    } else if (number === 2) samples.push(readSample(reader, enter(reader, end)))
    else {
      request.histograms += number === 3 ? 1 : 0
      request.exemplars += number === 4 ? 1 : 0
      return false
    }
    if (refs.length > 2 * LABEL_LIMIT) throw new AppError('invalid', `A series has more than ${LABEL_LIMIT} labels.`)
    return true
  })
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
  samples: TimeSeries['samples'],
  isWanted: IsWanted,
): void {
  const name = labels.get(NAME) ?? ''
  request.series.push({ name, labels, samples: isWanted(name) ? samples : [] })
}

function readSample(reader: BinaryReader, end: number): { at: EpochMs; value: number } {
  const sample = { at: 0, value: 0 }
  fields(reader, end, (number, type) => {
    if (number === 1 && type === WireType.Bit64) sample.value = reader.double()
    else if (number === 2 && type === WireType.Varint) sample.at = Number(reader.int64())
    else return false
    return true
  })
  return sample
}

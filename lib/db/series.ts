import { expectedStep, findGaps } from '@/lib/charts/series'
import { pool } from '@/lib/db/client'
import { keptSince } from '@/lib/db/kept'
import { listSamples } from '@/lib/db/samples'
import {
  type BucketColumns,
  type BucketedSeries,
  COUNT_FIELDS,
  type Detail,
  type Extremes,
  toDrawnSamples,
} from '@/lib/metrics/bucketed'
import { SAMPLE_FIELDS, type SampleField, type Series } from '@/lib/metrics/sample'
import { type Buckets, bucketsFor, type Resolution, TIERS } from '@/lib/metrics/tiers'
import type { EpochMs } from '@/lib/units'

const POINT_LIMIT = 1_000
const [, , HOUR, QUARTER_DAY] = TIERS

/**
 * A host's samples in at most `points` buckets. Each bucket has the extremes of all its samples, whatever it was made
 * of: the coarsest rollup that fills the buckets, else the samples; where those are no longer kept, what still is.
 *
 * @param options.fields all when left out; fewer make it faster and the answer smaller
 */
export async function listSeries(
  hostId: string,
  range: { from: EpochMs; to: EpochMs },
  {
    points = POINT_LIMIT,
    fields = SAMPLE_FIELDS,
    detail = 'all',
  }: { points?: number; fields?: readonly SampleField[]; detail?: Detail } = {},
): Promise<BucketedSeries> {
  const buckets = bucketsFor(range, Math.max(2, Math.min(points, POINT_LIMIT)))
  const now = Date.now()
  const layers = layersOf(buckets, now)
  // A gap shorter than a day's quarter shows in the hours.
  const finer = layersOf(
    { ...buckets, resolution: buckets.resolution === QUARTER_DAY ? HOUR : buckets.resolution },
    now,
  )
  const [at, ...parts] = await Promise.all([
    readInstants(hostId, buckets, finer),
    ...partsOf(buckets).map((part) => readBuckets(hostId, part, layers, fields, detail)),
  ])
  const columns = parts[0]?.map((_, index) => parts.flatMap((part) => [...(part[index] ?? [])])) ?? []
  return { ...buckets, ...toSeries(columns, fields, detail), stepMs: expectedStep(at), gaps: findGaps(at, range) }
}

/** Buckets below which a second connection costs more than it saves. */
const BUCKETS_OF_A_PART = 250
const MOST_PARTS = 2

/** The range in parts that are read at the same time: a long one is more than one processor needs to work on alone. */
function partsOf(buckets: Buckets): Buckets[] {
  const count = (buckets.to - buckets.from) / buckets.bucketMs
  const parts = buckets.resolution === 'raw' ? 1 : Math.min(MOST_PARTS, Math.ceil(count / BUCKETS_OF_A_PART))
  const borderOf = (part: number) => buckets.from + Math.round((count * part) / parts) * buckets.bucketMs
  return Array.from({ length: parts }, (_, part) => ({ ...buckets, from: borderOf(part), to: borderOf(part + 1) }))
}

/** The start of each bucket and then, for each field, the columns of `partsToldOf`. */
async function readBuckets(
  hostId: string,
  buckets: Buckets,
  layers: readonly Layer[],
  fields: readonly SampleField[],
  detail: Detail,
): Promise<Float64Array[]> {
  const columns = ['bucketMs', ...fields.flatMap((field) => partsToldOf(detail).map((part) => columnOf(field, part)))]
  // "offset 0" keeps the planner from sorting whole rollups, arrays and all, where the wanted numbers would do.
  const text = `${wholeHours(layers)}
    select ${columns.map((column) => packed(`"${column}"`)).join(', ')}
      from (select date_part('epoch', "bucket") * 1000 as "bucketMs"${fields.map((field) => `, ${aggregatesOf(field, detail)}`).join('')}
              from (select date_bin('${buckets.bucketMs} ms', "at", timestamptz 'epoch') as "bucket", "layers".*
                      from (${layers.map((layer) => selectLayer(layer, fields)).join(' union all ')}) as "layers"
                    offset 0) as "binned"
             group by "bucket" order by "bucket") as "buckets"`
  return readPacked(text, [hostId, new Date(buckets.from), new Date(buckets.to)])
}

/** When everything was measured that the buckets are made of, ascending. */
async function readInstants(hostId: string, { from, to }: Buckets, layers: readonly Layer[]): Promise<EpochMs[]> {
  const text = `${wholeHours(layers)}
    select ${packed('"atMs"')} from (
      select "atMs" from (${layers.map((layer) => selectLayer(layer, [])).join(' union all ')}) as "layers" order by 1) as "instants"`
  const [instants] = await readPacked(text, [hostId, new Date(from), new Date(to)])
  return [...(instants ?? [])]
}

/**
 * SQL that puts a column of numbers into one value, in the order of its rows: tens of thousands of numbers printed and
 * parsed one by one take longer than finding them. Nulls become 0, so that places stay the same.
 */
function packed(column: string): string {
  return `encode(string_agg(float8send(coalesce(${column}::float8, 0)), ''::bytea), 'hex')`
}

/** The numbers of `packed` columns. */
async function readPacked(text: string, values: unknown[]): Promise<Float64Array[]> {
  const { rows } = await pool.query<(string | null)[], unknown[]>({ text, values, rowMode: 'array' })
  return (rows[0] ?? []).map((hex) => {
    const bytes = Buffer.from(hex ?? '', 'hex')
    const numbers = new Float64Array(bytes.length / 8)
    for (let index = 0; index < numbers.length; index += 1) numbers[index] = bytes.readDoubleBE(index * 8)
    return numbers
  })
}

/** A range up to this long is drawn from the samples themselves: a day at 10 s is 8,640. */
const RAW_SPAN_MS = 26 * 3_600_000
/** More than two a pixel of the widest plot help nobody. */
const DRAWN_BUCKETS = 600

/** What a chart of a range draws. */
export interface DrawnSeries {
  samples: Series
  /** What each sample stands for, and gaps found before bucketing; null for samples as they were measured. */
  extremes: Extremes | null
  gaps: BucketedSeries['gaps'] | null
}

/** The samples of a range; of a longer one, and where they are no longer kept, its buckets. */
export async function listDrawnSamples(hostId: string, range: { from: EpochMs; to: EpochMs }): Promise<DrawnSeries> {
  if (range.to - range.from <= RAW_SPAN_MS) {
    const samples = await listSamples(hostId, range)
    if (samples.length > 0) return { samples, extremes: null, gaps: null }
  }
  const series = await listSeries(hostId, range, { points: DRAWN_BUCKETS })
  return { ...toDrawnSamples(series), gaps: series.gaps }
}

/** A stretch of time answered from one resolution. */
interface Layer {
  resolution: Resolution
  /** Epoch milliseconds; null: as far as the range goes. */
  from: EpochMs | null
  to: EpochMs | null
  /** `all` hours, or those of which every sample is still kept, or the others. */
  hours: 'all' | 'kept-whole' | 'not-kept-whole'
}

/**
 * Where the wanted resolution is kept, it alone. Before that, hours that were kept whole (of uploads, around incidents)
 * come from their samples and all others from the finest rollup that is still complete there.
 */
function layersOf({ resolution, from, to }: Buckets, now: EpochMs): Layer[] {
  const wantedSince = keptSince(resolution, now)
  if (wantedSince === null || from >= wantedSince) return [{ resolution, from: null, to: null, hours: 'all' }]
  const layers: Layer[] = [{ resolution: 'raw', from: null, to: wantedSince, hours: 'kept-whole' }]
  let end = wantedSince
  for (const tier of TIERS) {
    const since = keptSince(tier, now)
    if (since !== null && since >= end) continue
    layers.push({ resolution: tier, from: since, to: end, hours: 'not-kept-whole' })
    if (since === null || since <= from) break
    end = since
  }
  if (to > wantedSince) layers.push({ resolution, from: wantedSince, to: null, hours: 'all' })
  return layers
}

const PARTS = ['min', 'max', 'sum', 'last', 'count', 'lastMs'] as const
type Part = (typeof PARTS)[number]

/** The columns a bucket is made of, named alike whatever they come from: `f3min` is the least of the third field. */
function selectLayer({ resolution, from, to, hours }: Layer, fields: readonly SampleField[]): string {
  const columns = fields.flatMap((field) => {
    const place = SAMPLE_FIELDS.indexOf(field) + 1
    const value = `"${field}"::float8`
    const ofSample = {
      min: value,
      max: value,
      sum: value,
      last: value,
      count: `("${field}" is not null)::int`,
      lastMs: '0',
    }
    // One order for all: the layers are put together by position.
    return PARTS.map(
      (part) => `${resolution === 'raw' ? ofSample[part] : `"${part}"[${place}]`} as "${columnOf(field, part)}"`,
    )
  })
  const table = resolution === 'raw' ? '"MemorySample"' : '"MemoryRollup"'
  const conditions = [
    '"hostId" = $1',
    '"at" >= $2',
    '"at" < $3',
    ...(resolution === 'raw' ? [] : [`"tier" = ${resolution}`]),
    ...(from === null ? [] : [`"at" >= '${new Date(from).toISOString()}'`]),
    ...(to === null ? [] : [`"at" < '${new Date(to).toISOString()}'`]),
    ...(hours === 'all' ? [] : [`${hours === 'kept-whole' ? '' : 'not '}${IS_IN_WHOLE_HOUR}`]),
  ]
  return `select "at", date_part('epoch', "at") * 1000 as "atMs"${columns.map((column) => `, ${column}`).join('')}
            from ${table} where ${conditions.join(' and ')}`
}

function wholeHours(layers: readonly Layer[]): string {
  return layers.some(({ hours }) => hours !== 'all') ? WHOLE_HOURS : ''
}

// Hours of which every sample that their rollup counted is still there.
const WHOLE_HOURS = `
  with "whole" as materialized (
    select h."at" from "MemoryRollup" h
     where h."hostId" = $1 and h."tier" = ${HOUR}
       and h."at" >= date_bin('1 hour', $2::timestamptz, timestamptz 'epoch') and h."at" < $3
       and (select max(c) from unnest(h."count") c) <= (
             select count(*) from "MemorySample" s
              where s."hostId" = $1 and s."at" >= h."at" and s."at" < h."at" + interval '1 hour'))`
const IS_IN_WHOLE_HOUR = `date_bin('1 hour', "at", timestamptz 'epoch') in (select "at" from "whole")`

/** What is read of a field for a detail. */
function partsToldOf(detail: Detail): Part[] {
  return detail === 'envelope' ? ['min', 'max', 'sum', 'count'] : ['min', 'max', 'sum', 'count', 'last']
}

function columnOf(field: SampleField, part: Part): string {
  return `f${SAMPLE_FIELDS.indexOf(field) + 1}${part}`
}

function aggregatesOf(field: SampleField, detail: Detail): string {
  const name = (part: Part) => `"${columnOf(field, part)}"`
  const aggregates: Record<Part, string> = {
    min: `min(${name('min')})`,
    max: `max(${name('max')})`,
    sum: `sum(${name('sum')})`,
    count: `sum(${name('count')})`,
    last: `(max(array["atMs" + ${name('lastMs')}, ${name('last')}]) filter (where ${name('count')} > 0))[2]`,
    lastMs: `max(${name('lastMs')})`,
  }
  return partsToldOf(detail)
    .map((part) => `${aggregates[part]} as ${name(part)}`)
    .join(', ')
}

function toSeries(
  [at = [], ...columns]: readonly number[][],
  fields: readonly SampleField[],
  detail: Detail,
): Pick<BucketedSeries, 'at' | 'fields'> {
  const series: Pick<BucketedSeries, 'at' | 'fields'> = { at, fields: {} }
  const parts = partsToldOf(detail)
  fields.forEach((field, index) => {
    const column = (part: Part) => columns[index * parts.length + parts.indexOf(part)] ?? []
    const count = column('count')
    // A bucket that tells nothing of the field holds what changes nothing when merged.
    const told = (part: Part) => column(part).map((value, bucket) => (count[bucket] === 0 ? null : value))
    const sum = told('sum')
    const own: BucketColumns = {
      min: told('min'),
      max: told('max'),
      avg: sum.map((value, bucket) => (value === null ? null : value / (count[bucket] ?? 1))),
      count,
    }
    if (detail === 'all') own.last = told('last')
    if (COUNT_FIELDS.includes(field)) own.sum = sum
    series.fields[field] = own
  })
  return series
}

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
  const layers = layersOf(buckets, Date.now())
  const hours = layers.some((layer) => layer.hours !== 'all') ? WHOLE_HOURS : ''
  const parameters = [hostId, new Date(buckets.from), new Date(buckets.to)]
  // Columns as arrays: a thousand rows of objects cost more than the query.
  const [values, instants] = await Promise.all([
    pool.query<(number | null)[], unknown[]>({
      // "offset 0" keeps the planner from sorting whole rollups, arrays and all, where the wanted numbers would do.
      text: `${hours} select date_part('epoch', "bucket") * 1000, ${fields.map((field) => aggregatesOf(field, detail)).join(', ')}
               from (select date_bin('${buckets.bucketMs} ms', "at", timestamptz 'epoch') as "bucket", "layers".*
                       from (${layers.map((layer) => selectLayer(layer, fields)).join(' union all ')}) as "layers"
                     offset 0) as "binned"
              group by "bucket" order by "bucket"`,
      values: parameters,
      rowMode: 'array',
    }),
    pool.query<[number], unknown[]>({
      text: `${hours} select "atMs" from (${layers.map((layer) => selectLayer(layer, [])).join(' union all ')}) as "layers" order by 1`,
      values: parameters,
      rowMode: 'array',
    }),
  ])
  return { ...buckets, ...toColumns(values.rows, fields, detail), ...spacing(instants.rows, range) }
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

/** The columns a bucket is made of, named alike whatever they come from: `f3min` is the least of the third field. */
function selectLayer({ resolution, from, to, hours }: Layer, fields: readonly SampleField[]): string {
  const columns = fields.flatMap((field) => {
    const place = SAMPLE_FIELDS.indexOf(field) + 1
    const value = `"${field}"::float8`
    // One order for all: the layers are put together by position.
    const parts: Record<string, string> =
      resolution === 'raw'
        ? { min: value, max: value, sum: value, last: value, count: `("${field}" is not null)::int`, lastMs: '0' }
        : Object.fromEntries(PARTS.map((part) => [part, `"${part}"[${place}]`]))
    return PARTS.map((part) => `${parts[part]} as "f${place}${part}"`)
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

// Hours of which every sample that their rollup counted is still there.
const WHOLE_HOURS = `
  with "whole" as materialized (
    select h."at" from "MemoryRollup" h
     where h."hostId" = $1 and h."tier" = 3600000
       and h."at" >= date_bin('1 hour', $2::timestamptz, timestamptz 'epoch') and h."at" < $3
       and (select max(c) from unnest(h."count") c) <= (
             select count(*) from "MemorySample" s
              where s."hostId" = $1 and s."at" >= h."at" and s."at" < h."at" + interval '1 hour'))`
const IS_IN_WHOLE_HOUR = `date_bin('1 hour', "at", timestamptz 'epoch') in (select "at" from "whole")`

/** min, max, sum, count and, of all details, last: the order that `toColumns` reads. */
function aggregatesOf(field: SampleField, detail: Detail): string {
  const name = (part: string) => `"f${SAMPLE_FIELDS.indexOf(field) + 1}${part}"`
  const envelope = `min(${name('min')}), max(${name('max')}), sum(${name('sum')}), sum(${name('count')})::int`
  if (detail === 'envelope') return envelope
  return `${envelope},
          (max(array["atMs" + ${name('lastMs')}, ${name('last')}]) filter (where ${name('count')} > 0))[2]`
}

const AGGREGATES: Record<Detail, number> = { envelope: 4, all: 5 }

function toColumns(
  rows: (number | null)[][],
  fields: readonly SampleField[],
  detail: Detail,
): Pick<BucketedSeries, 'at' | 'fields'> {
  const series: Pick<BucketedSeries, 'at' | 'fields'> = { at: rows.map((row) => row[0] ?? 0), fields: {} }
  fields.forEach((field, index) => {
    const place = 1 + index * AGGREGATES[detail]
    const count = rows.map((row) => row[place + 3] ?? 0)
    // A bucket that tells nothing of the field holds what changes nothing when merged.
    const column = (aggregate: number) =>
      rows.map((row, bucket) => (count[bucket] === 0 ? null : (row[place + aggregate] ?? null)))
    const sum = column(2)
    const columns: BucketColumns = {
      min: column(0),
      max: column(1),
      avg: sum.map((value, row) => (value === null ? null : value / (count[row] ?? 1))),
      count,
    }
    if (detail === 'all') columns.last = column(4)
    if (COUNT_FIELDS.includes(field)) columns.sum = sum
    series.fields[field] = columns
  })
  return series
}

function spacing(rows: [number][], range: { from: EpochMs; to: EpochMs }): Pick<BucketedSeries, 'stepMs' | 'gaps'> {
  const instants = rows.map(([at]) => at)
  return { stepMs: expectedStep(instants), gaps: findGaps(instants, range) }
}

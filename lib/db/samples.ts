import type pg from 'pg'
import { inTransaction, pool } from '@/lib/db/client'
import { keptSince } from '@/lib/db/kept'
import { mergeRollups } from '@/lib/db/rollups'
import { columnType, SAMPLE_COLUMNS, type SampleRow, toSample } from '@/lib/db/sample-rows'
import { SAMPLE_FIELDS, type Sample, type SampleField, type Series } from '@/lib/metrics/sample'
import type { EpochMs } from '@/lib/units'

type Client = Pick<pg.PoolClient, 'query'>

const ROWS_PER_STATEMENT = 5_000

/** The stored samples of a host with `from` <= at <= `to`, ascending. Long ranges: see `listSeries`. */
export async function listSamples(
  hostId: string,
  range: { from: EpochMs; to: EpochMs },
  client: Client = pool,
): Promise<Series> {
  const { rows } = await client.query<SampleRow>(
    `select ${SAMPLE_COLUMNS.join(', ')} from "MemorySample" where "hostId" = $1 and "at" between $2 and $3 order by "at"`,
    [hostId, new Date(range.from), new Date(range.to)],
  )
  return rows.map(toSample)
}

const columns = SAMPLE_FIELDS.map((field) => `"${field}"`)
const list = columns.join(', ')

// What is stored stands; a second source of the same instant only fills what the first did not tell. "told" is what is
// new: a repeated delivery has no row there and writes nothing, neither to samples nor to rollups.
const INSERT = `
  with "given" as (
    select "hostId", "atMs", to_timestamp("atMs" / 1000) as "at", ${list}
      from unnest($1::text[], $2::float8[], ${SAMPLE_FIELDS.map((field, index) => `$${index + 8}::${columnType(field)}[]`).join(', ')})
        as g("hostId", "atMs", ${list})),
  "told" as materialized (
    select * from (
      select g."hostId", g."at", g."atMs", ${columns.map((column) => `case when s.${column} is null then g.${column} end as ${column}`).join(', ')}
        from "given" g
        left join "MemorySample" s on s."hostId" = g."hostId" and s."at" = g."at"
             and s."hostId" = any($7) and s."at" between to_timestamp($4::float8 / 1000) and to_timestamp($5::float8 / 1000)) t
     where num_nonnulls(${list}) > 0),
  ${mergeRollups('"told"', { minute: '($6::timestamptz[])[1]', tenMinutes: '($6::timestamptz[])[2]' })},
  "stored" as (
    insert into "MemorySample" as s ("hostId", "uploadId", "at", ${list})
    select "hostId", $3, "at", ${list} from "told"
    on conflict ("hostId", "at") do update
       set ${columns.map((column) => `${column} = coalesce(s.${column}, excluded.${column})`).join(', ')}
    returning s."hostId")
  select "hostId", count(*)::int as "rows" from "stored" group by 1`

/**
 * Stores samples of one host and their rollups; sending the same again changes nothing.
 *
 * @param uploadId the upload they were read from; null when an agent sent them
 * @param client inside a transaction of the caller's; without one, a transaction of its own
 * @returns how many rows were new or learned something
 */
export async function insertSamples(
  hostId: string,
  series: Series,
  { uploadId = null, client }: { uploadId?: string | null; client?: Client } = {},
): Promise<number> {
  return insertSamplesOfHosts(new Map([[hostId, series]]), { uploadId, client })
}

/** The same for several hosts in one statement: a bridge sends the whole fleet in one request. */
export async function insertSamplesOfHosts(
  seriesByHost: ReadonlyMap<string, Series>,
  options: { uploadId?: string | null; client?: Client } = {},
): Promise<number> {
  const changed = await insertSamplesByHost(seriesByHost, options)
  return [...changed.values()].reduce((sum, rows) => sum + rows, 0)
}

/** The same, with the answer by host; a host of which nothing was new is not in it. */
export async function insertSamplesByHost(
  seriesByHost: ReadonlyMap<string, Series>,
  { uploadId = null, client }: { uploadId?: string | null; client?: Client } = {},
): Promise<Map<string, number>> {
  if (!client) return inTransaction((own) => insertSamplesByHost(seriesByHost, { uploadId, client: own }))
  const rows = [...seriesByHost].flatMap(([hostId, series]) =>
    mergeByInstant(series).map((sample) => ({ hostId, sample })),
  )
  const changed = new Map<string, number>()
  if (rows.length === 0) return changed
  await lockSamples([...seriesByHost.keys()], client)
  for (let start = 0; start < rows.length; start += ROWS_PER_STATEMENT) {
    for (const part of await insertRows(rows.slice(start, start + ROWS_PER_STATEMENT), uploadId, client)) {
      changed.set(part.hostId, (changed.get(part.hostId) ?? 0) + part.rows)
    }
  }
  return changed
}

/**
 * What is new is decided by what is stored, so only one transaction at a time may decide it for a host. Held until the
 * transaction ends; taken in one order, so that two that name the same hosts do not wait for each other.
 */
export async function lockSamples(hostIds: string[], client: Client): Promise<void> {
  await client.query({
    name: 'lock-samples',
    // Planning the statement that stores samples takes longer than running it, and its plan is the same for all.
    text: `select pg_advisory_xact_lock("key"), set_config('plan_cache_mode', 'force_generic_plan', true) from (
             select hashtextextended('samples of ' || "id", 0) as "key" from unnest($1::text[]) as h("id") order by 1) k`,
    values: [hostIds],
  })
}

async function insertRows(
  rows: { hostId: string; sample: Sample }[],
  uploadId: string | null,
  client: Client,
): Promise<{ hostId: string; rows: number }[]> {
  const instants = rows.map(({ sample }) => sample.at)
  const now = Date.now()
  const changed = await client.query<{ hostId: string; rows: number }>({
    name: 'insert-samples',
    text: INSERT,
    values: [
      rows.map(({ hostId }) => hostId),
      instants,
      uploadId,
      Math.min(...instants),
      Math.max(...instants),
      [keptSince(60_000, now), keptSince(600_000, now)].map((since) => new Date(since ?? 0)),
      [...new Set(rows.map(({ hostId }) => hostId))],
      ...SAMPLE_FIELDS.map((field) => rows.map(({ sample }) => storedValue(sample, field))),
    ],
  })
  return changed.rows
}

function storedValue(sample: Sample, field: SampleField): number | null {
  const value = sample[field] ?? null
  return value === null || columnType(field) === 'float8' ? value : Math.round(value)
}

/** One sample an instant: two rows of one key in one statement would be refused by PostgreSQL. */
function mergeByInstant(series: Series): Sample[] {
  const byInstant = new Map<EpochMs, Sample>()
  for (const sample of series) {
    const at = Math.round(sample.at)
    const earlier = byInstant.get(at)
    byInstant.set(at, earlier ? fillNulls(earlier, sample) : at === sample.at ? sample : { ...sample, at })
  }
  return [...byInstant.values()]
}

function fillNulls(sample: Sample, other: Sample): Sample {
  const filled = { ...sample }
  for (const field of SAMPLE_FIELDS) filled[field] ??= other[field]
  return filled
}

import type pg from 'pg'
import { inTransaction, pool } from '@/lib/db/client'
import type { ChangedHost } from '@/lib/db/fact-store'
import { columnType, SAMPLE_COLUMNS, type SampleRow, toSample } from '@/lib/db/sample-rows'
import { SAMPLE_FIELDS, type Series } from '@/lib/metrics/sample'
import type { EpochMs } from '@/lib/units'

type Client = Pick<pg.PoolClient, 'query'>

const ROWS_PER_STATEMENT = 5_000

/** The stored samples of a host with `from` <= at <= `to`, ascending. */
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

const QUOTED_FIELDS = SAMPLE_FIELDS.map((field) => `"${field}"`)

// What is stored stands; a second source of the same instant only fills what the first did not tell.
// The condition keeps a repeated delivery from writing anything.
const INSERT = `
  insert into "MemorySample" ("hostId", "uploadId", "at", ${QUOTED_FIELDS.join(', ')})
  select $1, $2, to_timestamp(t."at" / 1000.0), ${QUOTED_FIELDS.map((field) => `t.${field}`).join(', ')}
    from unnest($3::float8[], ${SAMPLE_FIELDS.map((field, index) => `$${index + 4}::${columnType(field)}[]`).join(', ')})
      as t("at", ${QUOTED_FIELDS.join(', ')})
  on conflict ("hostId", "at") do update
    set ${QUOTED_FIELDS.map((field) => `${field} = coalesce("MemorySample".${field}, excluded.${field})`).join(', ')}
    where ${QUOTED_FIELDS.map((field) => `("MemorySample".${field} is null and excluded.${field} is not null)`).join(' or ')}`

/**
 * Stores samples of one host; sending the same again changes nothing.
 *
 * @param uploadId the upload they were read from; null when an agent sent them
 * @returns how many rows were new or learned something
 */
export async function insertSamples(
  hostId: string,
  series: Series,
  { uploadId = null, client = pool }: { uploadId?: string | null; client?: Client } = {},
): Promise<number> {
  // Two rows of one key in one statement would be refused by PostgreSQL.
  const byInstant = new Map<EpochMs, Series[number]>()
  for (const sample of series) {
    const at = Math.round(sample.at)
    const earlier = byInstant.get(at)
    byInstant.set(at, earlier ? fillNulls(earlier, sample) : sample)
  }
  const instants = [...byInstant.keys()].sort((a, b) => a - b)
  await makePartitions(instants)
  let changed = 0
  for (let start = 0; start < instants.length; start += ROWS_PER_STATEMENT) {
    const slice = instants.slice(start, start + ROWS_PER_STATEMENT)
    const columns = SAMPLE_FIELDS.map((field) =>
      slice.map((at) => {
        const value = byInstant.get(at)?.[field] ?? null
        return value === null || columnType(field) === 'float8' ? value : Math.round(value)
      }),
    )
    const result = await client.query({
      name: 'insert-samples',
      text: INSERT,
      values: [hostId, uploadId, slice, ...columns],
    })
    changed += result.rowCount ?? 0
  }
  return changed
}

/** Takes back the samples that came from an upload. @returns the hosts and spans they lay in */
export async function withdrawSamples(client: Client, uploadId: string): Promise<ChangedHost[]> {
  const { rows } = await client.query<{ hostId: string; from: Date; to: Date }>(
    `with gone as (
       delete from "MemorySample"
        where "hostId" in (select "hostId" from "UploadHost" where "uploadId" = $1) and "uploadId" = $1
        returning "hostId", "at")
     select "hostId", min("at") as "from", max("at") as "to" from gone group by "hostId"`,
    [uploadId],
  )
  return rows.map(({ hostId, from, to }) => ({ hostId, from: from.getTime(), to: to.getTime() }))
}

function fillNulls(sample: Series[number], other: Series[number]): Series[number] {
  const filled = { ...sample }
  for (const field of SAMPLE_FIELDS) filled[field] ??= other[field]
  return filled
}

const knownPartitions = new Set<string>()

/**
 * Makes the monthly partitions that these instants need, on a connection of their own: they outlive the caller's
 * rollback. Attached rather than made in place, which would wait for every transaction that writes samples.
 */
async function makePartitions(instants: EpochMs[]): Promise<void> {
  const months = new Set(instants.map((at) => new Date(at).toISOString().slice(0, 7)))
  for (const month of months) {
    if (knownPartitions.has(month)) continue
    const [year, number] = month.split('-').map(Number)
    if (year === undefined || number === undefined) continue
    const partition = `"MemorySample_${month.replace('-', '_')}"`
    const end = new Date(Date.UTC(year, number, 1)).toISOString().slice(0, 10)
    await inTransaction(async (client) => {
      await client.query(`select pg_advisory_xact_lock(hashtext('oomscope partitions'))`)
      const { rows } = await client.query<{ isMade: boolean }>('select to_regclass($1) is not null as "isMade"', [
        partition,
      ])
      if (rows[0]?.isMade) return
      // The name is made of digits, so nothing foreign reaches the statement.
      await client.query(`create table ${partition} (like "MemorySample" including defaults)`)
      await client.query(
        `alter table "MemorySample" attach partition ${partition}
           for values from ('${month}-01 00:00:00+00') to ('${end} 00:00:00+00')`,
      )
    })
    knownPartitions.add(month)
  }
}

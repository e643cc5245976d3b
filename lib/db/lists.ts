import type pg from 'pg'
import { toJson } from '@/lib/db/json'
import type { EpochMs } from '@/lib/units'

export type ListClient = Pick<pg.PoolClient, 'query'>

/** One list of one host at one instant: columns are arrays, one member an entry. */
export type ListRow = { hostId: string; at: EpochMs } & Record<string, unknown>

/**
 * Stores rows that hold one list an instant. As JSON, because lists differ in length and an array of arrays may not.
 *
 * @param stored what becomes of a list that is stored of the same instant; one to replace it has the same columns in
 *   every row
 * @returns how many were stored, by host
 */
export async function insertLists(
  table: 'ProcessSample' | 'CgroupSample',
  rows: readonly ListRow[],
  uploadId: string | null,
  client: ListClient,
  stored: 'kept' | 'replaced' = 'kept',
): Promise<Map<string, number>> {
  if (rows.length === 0) return new Map()
  const all = rows.map((row) => ({ ...row, uploadId, at: new Date(row.at).toISOString() }))
  const { hostId: _, at: __, ...lists } = rows[0] ?? { hostId: '', at: 0 }
  const columns = Object.keys(lists).map((column) => `"${column}" = excluded."${column}"`)
  const conflict = stored === 'kept' ? 'nothing' : `update set ${columns.join(', ')}`
  const added = await client.query<{ hostId: string; rows: number }>({
    name: `insert-${table}-${stored}`,
    text: `with "stored" as (
             insert into "${table}" select * from json_populate_recordset(null::"${table}", $1::json)
             on conflict ("hostId", "at") do ${conflict} returning "hostId")
           select "hostId", count(*)::int as "rows" from "stored" group by 1`,
    values: [toJson(all)],
  })
  return new Map(added.rows.map(({ hostId, rows: count }) => [hostId, count]))
}

/**
 * The list nearest before or at an instant, not older than `withinMs`; null without one.
 *
 * @param columns SQL of what is read of it besides its instant
 */
export async function findNearest<Columns>(
  table: 'ProcessSample' | 'CgroupSample',
  columns: string,
  { hostId, at, withinMs }: { hostId: string; at: EpochMs; withinMs: number },
  client: ListClient,
): Promise<({ at: Date } & Columns) | null> {
  const { rows } = await client.query<{ at: Date } & Columns>(
    `select "at", ${columns} from "${table}"
      where "hostId" = $1 and "at" between $2 and $3 order by "at" desc limit 1`,
    [hostId, new Date(at - withinMs), new Date(at)],
  )
  return rows[0] ?? null
}

/** One entry over time, as the database gives it: instants at which it was listed, and its values then. */
export type ListedSeries<Column extends string> = { peak: number; at: EpochMs[] } & {
  [column in Column]: (number | null)[]
}

/** Columns over the instants of all entries together; null where an entry was not listed. */
export function pivot<Column extends string>(
  series: readonly ListedSeries<Column>[],
  columns: readonly Column[],
): { at: EpochMs[]; entries: (index: number) => Record<Column, (number | null)[]> } {
  const at = [...new Set(series.flatMap((entry) => entry.at))].sort((a, b) => a - b)
  const place = new Map(at.map((instant, index) => [instant, index]))
  const entries = (index: number) => {
    // Every name of `columns` is filled just below.
    const filled = {} as Record<Column, (number | null)[]>
    for (const column of columns) {
      const values = new Array<number | null>(at.length).fill(null)
      series[index]?.at.forEach((instant, position) => {
        values[place.get(instant) ?? 0] = series[index]?.[column][position] ?? null
      })
      filled[column] = values
    }
    return filled
  }
  return { at, entries }
}

import { pool } from '@/lib/db/client'
import { SAMPLE_FIELDS, type Sample, type SampleField, type Series } from '@/lib/metrics/sample'
import { TIERS } from '@/lib/metrics/tiers'

/** What warnings are read from. */
const FIELDS = [
  'memTotal',
  'memFree',
  'memAvailable',
  'buffers',
  'cached',
  'shmem',
  'committedAs',
  'swapTotal',
  'swapFree',
  'swapInPerSec',
  'allocStallPerSec',
  'psiMemSomeAvg10',
  'psiMemFullAvg10',
] as const satisfies readonly SampleField[]
const SPAN = '2 hours'

/** The last value of each minute of the last two hours, by host, ascending; hosts without any are left out. */
export async function listRecent(hostIds: string[]): Promise<Map<string, Series>> {
  if (hostIds.length === 0) return new Map()
  const places = FIELDS.map((field) => SAMPLE_FIELDS.indexOf(field) + 1)
  const values = places.map((place) => `array_agg("last"[${place}] order by "at")`)
  // Columns as arrays: one row a host, however many minutes it has.
  const { rows } = await pool.query<[string, number[], ...(number | null)[][]], unknown[]>({
    text: `select "hostId", array_agg(date_part('epoch', "at") * 1000 order by "at"), ${values.join(', ')}
             from "MemoryRollup"
            where "hostId" = any($1) and "tier" = ${TIERS[0]} and "at" > now() - interval '${SPAN}'
            group by "hostId"`,
    values: [hostIds],
    rowMode: 'array',
  })
  return new Map(rows.map(([hostId, instants, ...columns]) => [hostId, toSeries(instants, columns)]))
}

function toSeries(instants: number[], columns: (number | null)[][]): Series {
  return instants.map((at, index) => {
    const sample: Sample = { at }
    FIELDS.forEach((field, column) => {
      sample[field] = columns[column]?.[index] ?? null
    })
    return sample
  })
}

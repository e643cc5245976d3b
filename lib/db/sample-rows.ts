import { SAMPLE_FIELDS, type Sample, type SampleField } from '@/lib/metrics/sample'

/** Fields that are rates, loads, shares or counts between two instants; all others are whole bytes. */
const FRACTIONAL: ReadonlySet<SampleField> = new Set([
  'swapInPerSec',
  'swapOutPerSec',
  'majorFaultsPerSec',
  'allocStallPerSec',
  'oomKills',
  'load1',
  'load5',
  'load15',
  'psiMemSomeAvg10',
  'psiMemFullAvg10',
])

/** The SQL type of a field's column. */
export function columnType(field: SampleField): 'float8' | 'bigint' {
  return FRACTIONAL.has(field) ? 'float8' : 'bigint'
}

/** `"at"` and every field, quoted, as columns of MemorySample. */
export const SAMPLE_COLUMNS = ['"at"', ...SAMPLE_FIELDS.map((field) => `"${field}"`)]

/** A row as the driver gives it: bigint columns as decimal text. `at` is null when an outer join found no sample. */
export type SampleRow = { at: Date | null } & { [field in SampleField]: string | number | null }

export function toSample(row: SampleRow): Sample {
  const sample: Sample = { at: row.at?.getTime() ?? 0 }
  for (const field of SAMPLE_FIELDS) {
    const value = row[field]
    if (value !== null) sample[field] = Number(value)
  }
  return sample
}

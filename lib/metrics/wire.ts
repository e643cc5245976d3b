import { z } from 'zod'
import { AppError, type ErrorDetail } from '@/lib/errors'
import type { CgroupSample, ProcessSample } from '@/lib/metrics/measured'
import { findImplausible, type SampleFields } from '@/lib/metrics/plausible'
import { SAMPLE_FIELDS, type Sample, type SampleField } from '@/lib/metrics/sample'
import { cgroupSchema, MOST_ENTRIES, processSchema, readCgroups, readProcesses } from '@/lib/metrics/wire-lists'
import type { EpochMs } from '@/lib/units'

/** Most rows of one request. */
export const MOST_SAMPLES = 5000

const HOUR_MS = 3_600_000
const OLDEST_MS = 20 * 366 * 24 * HOUR_MS
const NEWEST_MS = 24 * HOUR_MS

const fields = Object.fromEntries(SAMPLE_FIELDS.map((field) => [field, z.number().nullish()])) as Record<
  SampleField,
  z.ZodOptional<z.ZodNullable<z.ZodNumber>>
>

/** Hosts are compared as they are sent; 253 characters is the longest name DNS knows. */
const host = z.string().trim().min(1).max(253)

const instant = z.union([z.iso.datetime({ offset: true }), z.number()])

/** One sample on the wire: `at` in ISO 8601 with a zone or in milliseconds since 1970, amounts in bytes. */
export const sampleSchema = z.strictObject({ at: instant, host: host.optional(), ...fields })

const processesSchema = z.strictObject({ at: instant, host: host.optional(), processes: z.array(processSchema) })
const cgroupsSchema = z.strictObject({ at: instant, host: host.optional(), cgroups: z.array(cgroupSchema) })

/** `POST /api/v1/metrics` as JSON. As NDJSON each line is one row of these arrays. */
export const metricsBodySchema = z.strictObject({
  host: host.optional(),
  samples: z.array(sampleSchema).max(MOST_SAMPLES).optional(),
  processes: z.array(processesSchema).max(MOST_SAMPLES).optional(),
  cgroups: z.array(cgroupsSchema).max(MOST_SAMPLES).optional(),
})

/** What a host sent. `host` is the row's own, or the body's; null when neither names one. */
export interface Told<Measured> {
  /** Where the row stands: a JSON pointer into the body, or "line 12" of NDJSON. */
  pointer: string
  host: string | null
  sample: Measured
}

export interface ParsedMetrics {
  /** In the order sent, as are the next two. */
  samples: Told<Sample>[]
  processes: Told<ProcessSample>[]
  cgroups: Told<CgroupSample>[]
  /** Rows left out: a JSON pointer into the body, or "line 12" of NDJSON, and why. */
  refused: ErrorDetail[]
}

interface Row {
  pointer: string
  row: unknown
}

const SECTIONS = ['samples', 'processes', 'cgroups'] as const
const section = z.array(z.unknown()).optional()
const envelope = z.strictObject({ host: host.optional(), samples: section, processes: section, cgroups: section })

/**
 * Reads a body of measurements, row by row: an impossible row is refused with its place and the others are kept.
 *
 * @param text JSON (`{host?, samples?, processes?, cgroups?}`) or NDJSON, told apart by content; an empty body is an
 *   empty batch
 * @param now nothing may lie more than 24 hours after it or 20 years before it
 * @throws AppError 'invalid' when it is neither, 'too-large' with more than `MOST_SAMPLES` rows
 */
export function parseMetrics(text: string, now: EpochMs): ParsedMetrics {
  if (text.trim() === '') return readRows([], null, now)
  const whole = parseJson(text)
  if (isObject(whole) && !('at' in whole) && SECTIONS.some((name) => name in whole)) {
    const body = envelope.safeParse(whole)
    if (!body.success)
      throw new AppError(
        'invalid',
        'The body is not {host?, samples?, processes?, cgroups?}.',
        detailsOf(body.error, '#'),
      )
    const { host: bodyHost = null, ...sections } = body.data
    const rows = SECTIONS.flatMap((name) =>
      (sections[name] ?? []).map((row, index) => ({ pointer: `#/${name}/${index}`, row })),
    )
    return readRows(rows, bodyHost, now)
  }
  const rows = text
    .split('\n')
    .flatMap((line, index) => (line.trim() === '' ? [] : [{ pointer: `line ${index + 1}`, row: parseJson(line) }]))
  if (!isObject(rows[0]?.row))
    throw new AppError('invalid', 'The body is neither a JSON object with samples nor NDJSON with one sample a line.')
  return readRows(rows, null, now)
}

function readRows(rows: Row[], bodyHost: string | null, now: EpochMs): ParsedMetrics {
  if (rows.length > MOST_SAMPLES)
    throw new AppError('too-large', `${rows.length} rows; send at most ${MOST_SAMPLES} in one request.`)
  const parsed: ParsedMetrics = { samples: [], processes: [], cgroups: [], refused: [] }
  for (const { pointer, row } of rows) {
    if (isObject(row) && ('processes' in row || 'cgroups' in row)) {
      parsed.refused.push(...readList(row, pointer, bodyHost, now, parsed))
      continue
    }
    const read = readRow(row, pointer, now)
    if ('detail' in read) parsed.refused.push(read)
    else parsed.samples.push({ pointer, host: read.host ?? bodyHost, sample: read.sample })
  }
  return parsed
}

const list = z.array(z.unknown()).max(MOST_ENTRIES)
const listSchema = z.union([
  z.strictObject({ at: instant, host: host.optional(), processes: list }),
  z.strictObject({ at: instant, host: host.optional(), cgroups: list }),
])

/** Adds the list to `parsed`. @returns what was refused of it */
function readList(
  row: unknown,
  pointer: string,
  bodyHost: string | null,
  now: EpochMs,
  parsed: ParsedMetrics,
): ErrorDetail[] {
  const found = listSchema.safeParse(row)
  if (!found.success)
    return [
      { pointer, detail: `Not {at, host?, processes} or {at, host?, cgroups} with at most ${MOST_ENTRIES} entries.` },
    ]
  const at = toInstant(found.data.at)
  const wrongTime = findWrongTime(at, now)
  if (wrongTime) return [{ pointer: below(pointer, 'at'), detail: wrongTime }]
  const named = found.data.host ?? bodyHost
  if ('processes' in found.data) {
    const { sample, refused } = readProcesses(at, found.data.processes, below(pointer, 'processes'))
    if (sample) parsed.processes.push({ pointer, host: named, sample })
    return refused
  }
  const { sample, refused } = readCgroups(at, found.data.cgroups, below(pointer, 'cgroups'))
  if (sample) parsed.cgroups.push({ pointer, host: named, sample })
  return refused
}

function toInstant(printed: string | number): EpochMs {
  return typeof printed === 'number' ? printed : Date.parse(printed)
}

function readRow(row: unknown, pointer: string, now: EpochMs): { host: string | null; sample: Sample } | ErrorDetail {
  if (row === undefined) return { pointer, detail: 'Not valid JSON.' }
  const found = sampleSchema.safeParse(row)
  if (!found.success) return detailsOf(found.error, pointer)[0] ?? { pointer, detail: 'Not a sample.' }
  const { at: printed, host: rowHost, ...values } = found.data
  const at = toInstant(printed)
  const wrongTime = findWrongTime(at, now)
  if (wrongTime) return { pointer: below(pointer, 'at'), detail: wrongTime }
  const given: SampleFields = values
  if (SAMPLE_FIELDS.every((field) => given[field] === undefined || given[field] === null))
    return { pointer, detail: 'No field has a value.' }
  const wrong = findImplausible(given)
  if (wrong) return { pointer: below(pointer, wrong.field), detail: wrong.detail }
  return { host: rowHost ?? null, sample: { at, ...given } }
}

function findWrongTime(at: EpochMs, now: EpochMs): string | null {
  if (!Number.isFinite(at)) return 'Not a time.'
  if (at > now + NEWEST_MS) return 'More than 24 hours ahead of the clock here.'
  if (at < now - OLDEST_MS)
    return at > 1e9 && at < 1e11
      ? 'More than 20 years ago; numbers are milliseconds since 1970, not seconds.'
      : 'More than 20 years ago.'
  return null
}

/** "#/samples/3" + memFree → "#/samples/3/memFree"; a line of NDJSON has no pointer of its own, so the field follows it. */
function below(pointer: string, field: string): string {
  return pointer.startsWith('#') ? `${pointer}/${field}` : `${pointer}, ${field}`
}

function detailsOf(error: z.ZodError, pointer: string): ErrorDetail[] {
  return error.issues.map((issue) => {
    const field = issue.code === 'unrecognized_keys' ? issue.keys[0] : issue.path.map(String).join('/')
    const detail = issue.code === 'unrecognized_keys' ? 'Unknown field.' : `${issue.message}.`
    return { pointer: field ? below(pointer, field.replaceAll('~', '~0')) : pointer, detail }
  })
}

/** Undefined for text that is no JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

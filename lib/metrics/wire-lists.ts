import { z } from 'zod'
import type { ErrorDetail } from '@/lib/errors'
import type { CgroupSample, MeasuredCgroup, MeasuredProcess, ProcessSample } from '@/lib/metrics/measured'
import type { EpochMs } from '@/lib/units'

/** Most processes or cgroups of one instant. */
export const MOST_ENTRIES = 200

// 8 PiB: above every machine, and what a double holds exactly; "no limit" of cgroup v1 (2^63 rounded to pages) is not.
const bytes = z
  .number()
  .min(0)
  .lt(2 ** 53)

/** One process on the wire, amounts in bytes. */
export const processSchema = z.strictObject({
  pid: z
    .number()
    .int()
    .min(1)
    .lt(2 ** 31),
  comm: z.string().min(1).max(256),
  rss: bytes,
  swap: bytes.nullish(),
  oomScoreAdj: z.number().int().min(-1000).max(1000).nullish(),
})

/** One memory cgroup on the wire, amounts in bytes; `limit` is null or left out without one. */
export const cgroupSchema = z.strictObject({
  path: z.string().regex(/^\//).max(4096),
  usage: bytes,
  limit: bytes.nullish(),
  swap: bytes.nullish(),
  oomKills: z.number().int().min(0).max(1e9).nullish(),
})

/** Entries of one list, the wrong ones left out: `pointer` says where the list stands. */
function readEntries<Entry, Read>(
  entries: readonly unknown[],
  pointer: string,
  schema: z.ZodType<Entry>,
  read: (entry: Entry) => Read,
): { kept: Read[]; refused: ErrorDetail[] } {
  const kept: Read[] = []
  const refused: ErrorDetail[] = []
  entries.forEach((entry, index) => {
    const found = schema.safeParse(entry)
    if (found.success) kept.push(read(found.data))
    else {
      const issue = found.error.issues[0]
      const path = issue?.path.map(String).join('/') ?? ''
      refused.push({ pointer: `${pointer}/${index}${path && `/${path}`}`, detail: `${issue?.message ?? 'Wrong'}.` })
    }
  })
  return { kept, refused }
}

/** Processes of one instant. Entries that cannot be are left out with their pointers; a list without any is null. */
export function readProcesses(
  at: EpochMs,
  entries: readonly unknown[],
  pointer: string,
): { sample: ProcessSample | null; refused: ErrorDetail[] } {
  const { kept, refused } = readEntries(entries, pointer, processSchema, (process): MeasuredProcess => {
    return { ...process, swap: process.swap ?? null, oomScoreAdj: process.oomScoreAdj ?? null }
  })
  return { sample: kept.length > 0 ? { at, processes: kept } : null, refused }
}

/** Memory cgroups of one instant, likewise. */
export function readCgroups(
  at: EpochMs,
  entries: readonly unknown[],
  pointer: string,
): { sample: CgroupSample | null; refused: ErrorDetail[] } {
  const { kept, refused } = readEntries(entries, pointer, cgroupSchema, (cgroup): MeasuredCgroup => {
    return {
      ...cgroup,
      limit: cgroup.limit ?? null,
      swap: cgroup.swap ?? null,
      oomKills: cgroup.oomKills ?? null,
    }
  })
  return { sample: kept.length > 0 ? { at, cgroups: kept } : null, refused }
}

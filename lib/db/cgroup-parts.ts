import { insertLists, type ListClient } from '@/lib/db/lists'
import type { CgroupPart, CgroupParts } from '@/lib/metrics/measured'
import type { EpochMs } from '@/lib/units'

const NUMBERS = ['usage', 'limit', 'swap', 'oomKills', 'workingSet', 'rss', 'cache', 'limitHits'] as const

type Columns = { path: string[]; name: (string | null)[] | null } & {
  [column in (typeof NUMBERS)[number]]: (number | null)[] | null
}

/**
 * Stores what a scrape told of cgroups, together with what other requests told of the same instant: of each value the
 * first stands. Sending it again writes nothing.
 *
 * @param client inside a transaction that holds the samples of these hosts (`lockSamples`)
 */
export async function mergeCgroups(
  client: ListClient,
  partsByHost: ReadonlyMap<string, readonly CgroupParts[]>,
): Promise<void> {
  const told = [...partsByHost].flatMap(([hostId, parts]) => parts.map((part) => ({ hostId, ...part })))
  if (told.length === 0) return
  const stored = await readParts(client, told)
  const added: { hostId: string; at: EpochMs; cgroups: CgroupPart[] }[] = []
  for (const { hostId, at, cgroups } of told) {
    const known = stored.get(`${hostId} ${at}`)
    const merged = known ? mergeParts(known, cgroups) : cgroups
    if (merged) added.push({ hostId, at, cgroups: merged })
  }
  await insertLists(
    'CgroupSample',
    added.map(({ hostId, at, cgroups }) => ({ hostId, at, ...toColumns(cgroups) })),
    null,
    client,
    'replaced',
  )
}

/** Both lists, the first one's values before the second one's; null when the second adds nothing. */
function mergeParts(known: readonly CgroupPart[], told: readonly CgroupPart[]): CgroupPart[] | null {
  const byPath = new Map(known.map((part) => [part.path, part]))
  let isNews = false
  for (const part of told) {
    const before = byPath.get(part.path)
    const merged: CgroupPart = { ...part }
    if (before) {
      merged.name = before.name ?? part.name
      for (const number of NUMBERS) merged[number] = before[number] ?? part[number]
    }
    isNews ||= !before || merged.name !== before.name || NUMBERS.some((number) => merged[number] !== before[number])
    byPath.set(part.path, merged)
  }
  return isNews ? [...byPath.values()] : null
}

async function readParts(
  client: ListClient,
  keys: readonly { hostId: string; at: EpochMs }[],
): Promise<Map<string, CgroupPart[]>> {
  const { rows } = await client.query<Columns & { hostId: string; at: EpochMs }>({
    name: 'read-cgroup-parts',
    text: `select s."hostId", date_part('epoch', s."at") * 1000 as "at", s."path", s."name",
                  ${NUMBERS.map((number) => `s."${number}"::float8[] as "${number}"`).join(', ')}
             from unnest($1::text[], $2::timestamptz[]) as k("hostId", "at")
             join "CgroupSample" s on s."hostId" = k."hostId" and s."at" = k."at"`,
    values: [keys.map(({ hostId }) => hostId), keys.map(({ at }) => new Date(at))],
  })
  return new Map(
    rows.map((row) => [
      `${row.hostId} ${row.at}`,
      row.path.map((path, index): CgroupPart => {
        const of = (number: (typeof NUMBERS)[number]) => row[number]?.[index] ?? null
        return {
          path,
          name: row.name?.[index] ?? null,
          usage: of('usage'),
          limit: of('limit'),
          swap: of('swap'),
          oomKills: of('oomKills'),
          workingSet: of('workingSet'),
          rss: of('rss'),
          cache: of('cache'),
          limitHits: of('limitHits'),
        }
      }),
    ]),
  )
}

function toColumns(cgroups: readonly CgroupPart[]): Columns {
  const column = (number: (typeof NUMBERS)[number]) =>
    cgroups.map((part) => {
      const value = part[number]
      return value === null ? null : Math.round(value)
    })
  return {
    path: cgroups.map(({ path }) => path),
    name: cgroups.map(({ name }) => name),
    usage: column('usage'),
    limit: column('limit'),
    swap: column('swap'),
    oomKills: column('oomKills'),
    workingSet: column('workingSet'),
    rss: column('rss'),
    cache: column('cache'),
    limitHits: column('limitHits'),
  }
}

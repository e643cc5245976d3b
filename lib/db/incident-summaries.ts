import { pool, prisma } from '@/lib/db/client'
import { readCursor, writeCursor } from '@/lib/db/cursor'
import type { Prisma } from '@/lib/db/generated/client'
import { fromJson } from '@/lib/db/json'
import type { CauseClass, Confidence, Explanation, IncidentSummary, Pattern } from '@/lib/incidents/incident'
import type { EpochMs } from '@/lib/units'

const PAGE_SIZE = 50
const PAGE_LIMIT = 200

const select = {
  id: true,
  from: true,
  to: true,
  listedAt: true,
  title: true,
  class: true,
  confidence: true,
  pattern: true,
  fingerprint: true,
  killCount: true,
  killTimes: true,
  isSample: true,
  isTimeUncertain: true,
  host: { select: { name: true } },
} satisfies Prisma.IncidentSelect

export interface IncidentFilter {
  /** Any part of a host, program, cgroup or cause. */
  text?: string
  host?: string
  class?: CauseClass
  /** Incidents that touch this span. */
  from?: EpochMs
  to?: EpochMs
  /** `next` of the page before. */
  cursor?: string
  limit?: number
}

/** Newest first. `next` is null on the last page. */
export async function listIncidents(
  filter: IncidentFilter,
): Promise<{ items: IncidentSummary[]; next: string | null }> {
  const limit = Math.min(filter.limit ?? PAGE_SIZE, PAGE_LIMIT)
  const rows = await prisma.incident.findMany({
    where: { AND: [matching(filter), after(filter.cursor)] },
    orderBy: [{ listedAt: 'desc' }, { id: 'desc' }],
    take: limit + 1,
    select,
  })
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  const next = rows.length > limit && last ? writeCursor({ at: last.listedAt.getTime(), id: last.id }) : null
  return { items: await toSummaries(page), next }
}

/**
 * The incidents of this upload, newest first: those with kills or reports of it, and those that are made of events alone
 * and of its own, such as a panic or a container's end.
 */
export async function listIncidentsOfUpload(uploadId: string): Promise<IncidentSummary[]> {
  const owned = await pool.query<{ incidentId: string }>(
    `with "told" as (select "hostId", "factId", "kind" from "FactSource" where "uploadId" = $1)
     select k."incidentId" from "told" t join "Kill" k on k."hostId" = t."hostId" and k."id" = t."factId"
      where t."kind" = 'kill' and k."incidentId" is not null
     union
     select r."incidentId" from "told" t join "OomReport" r on r."hostId" = t."hostId" and r."id" = t."factId"
      where t."kind" = 'report' and r."incidentId" is not null
     union
     select e."incidentId" from "told" t
       join "IncidentEvent" e on e."hostId" = t."hostId" and e."eventId" = t."factId"
       join "Incident" i on i."id" = e."incidentId" and i."killCount" = 0
      where t."kind" = 'event' and not exists (select 1 from "OomReport" r where r."incidentId" = i."id")`,
    [uploadId],
  )
  const rows = await prisma.incident.findMany({
    where: { id: { in: owned.rows.map(({ incidentId }) => incidentId) } },
    orderBy: [{ listedAt: 'desc' }, { id: 'desc' }],
    select,
  })
  return toSummaries(rows)
}

function matching(filter: IncidentFilter): Prisma.IncidentWhereInput {
  const text = filter.text?.trim().toLowerCase()
  return {
    ...(text ? { searchText: { contains: escapeLike(text) } } : {}),
    ...(filter.host ? { host: { name: filter.host } } : {}),
    ...(filter.class ? { class: filter.class } : {}),
    ...(filter.to === undefined ? {} : { listedAt: { lte: new Date(filter.to) } }),
    ...(filter.from === undefined
      ? {}
      : { OR: [{ to: { gte: new Date(filter.from) } }, { to: null, listedAt: { gte: new Date(filter.from) } }] }),
  }
}

// Prisma's `contains` hands % and _ on as wildcards.
function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&')
}

function after(cursor: string | undefined): Prisma.IncidentWhereInput {
  if (!cursor) return {}
  const { at, id } = readCursor(cursor)
  const listedAt = new Date(at)
  return { OR: [{ listedAt: { lt: listedAt } }, { listedAt, id: { lt: id } }] }
}

type Row = Prisma.IncidentGetPayload<{ select: typeof select }>

async function toSummaries(rows: Row[]): Promise<IncidentSummary[]> {
  const kin = await countKin(rows.map((row) => row.fingerprint))
  return rows.map((row) => {
    const { incidents, hosts } = kin.get(row.fingerprint) ?? { incidents: 1, hosts: 1 }
    return {
      id: row.id,
      hostname: row.host.name,
      from: (row.from ?? row.listedAt).getTime(),
      to: (row.to ?? row.listedAt).getTime(),
      isTimeKnown: row.from !== null,
      title: fromJson<Explanation['title']>(row.title),
      // These three columns are written from the same types by saveIncident.
      class: row.class as CauseClass,
      confidence: row.confidence as Confidence,
      pattern: row.pattern as Pattern,
      killCount: row.killCount,
      killTimes: row.killTimes.map((at) => at.getTime()),
      isSample: row.isSample,
      isTimeUncertain: row.isTimeUncertain,
      recurrences: incidents - 1,
      recurrenceHosts: incidents > 1 ? hosts : 0,
    }
  })
}

async function countKin(fingerprints: string[]): Promise<Map<string, { incidents: number; hosts: number }>> {
  if (fingerprints.length === 0) return new Map()
  const rows = await prisma.incident.groupBy({
    by: ['fingerprint', 'hostId'],
    where: { fingerprint: { in: [...new Set(fingerprints)] } },
    _count: true,
  })
  const kin = new Map<string, { incidents: number; hosts: number }>()
  for (const row of rows) {
    const sum = kin.get(row.fingerprint) ?? { incidents: 0, hosts: 0 }
    kin.set(row.fingerprint, { incidents: sum.incidents + row._count, hosts: sum.hosts + 1 })
  }
  return kin
}

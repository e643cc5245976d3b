import { pool, prisma } from '@/lib/db/client'
import { readFacts } from '@/lib/db/facts'
import type { Prisma } from '@/lib/db/generated/client'
import { fromJson } from '@/lib/db/json'
import { AppError } from '@/lib/errors'
import type { CauseClass, Confidence, Explanation, Incident, Pattern } from '@/lib/incidents/incident'
import type { Assumption } from '@/lib/source'
import type { EpochMs } from '@/lib/units'

const select = {
  id: true,
  hostId: true,
  from: true,
  to: true,
  title: true,
  class: true,
  confidence: true,
  pattern: true,
  hog: true,
  findings: true,
  fingerprint: true,
  assumptions: true,
  kernel: true,
  end: true,
  isTimeUncertain: true,
  isSample: true,
  host: { select: { name: true } },
} satisfies Prisma.IncidentSelect

/** The whole incident with its facts; kills, reports and events ascending by time. */
export async function findIncident(incidentId: string): Promise<Incident | null> {
  const row = await prisma.incident.findUnique({ where: { id: incidentId }, select })
  if (!row) return null
  const facts = await readFacts({ hostId: row.hostId, incidentId })
  return {
    id: row.id,
    hostId: row.hostId,
    hostname: row.host.name,
    kernel: row.kernel,
    from: row.from?.getTime() ?? null,
    to: row.to?.getTime() ?? null,
    ...facts,
    title: fromJson<Explanation['title']>(row.title),
    // These columns are written from the same types by saveIncident.
    class: row.class as CauseClass,
    confidence: row.confidence as Confidence,
    pattern: row.pattern as Pattern,
    end: row.end as Incident['end'],
    hog: row.hog === null ? null : fromJson<Incident['hog']>(row.hog),
    findings: fromJson<Incident['findings']>(row.findings),
    fingerprint: row.fingerprint,
    assumptions: fromJson<Assumption[]>(row.assumptions),
    isTimeUncertain: row.isTimeUncertain,
    isSample: row.isSample,
  }
}

/** @throws AppError 'not-found', also for an incident that was merged into another */
export async function getIncident(incidentId: string): Promise<Incident> {
  const incident = await findIncident(incidentId)
  if (!incident) throw new AppError('not-found', `There is no incident ${incidentId}.`)
  return incident
}

/** The id under which an incident lives now: its own, or that of the one it was merged into; null when there is neither. */
export async function currentIncidentId(incidentId: string): Promise<string | null> {
  const own = await prisma.incident.findUnique({ where: { id: incidentId }, select: { id: true } })
  if (own) return own.id
  const alias = await prisma.incidentAlias.findUnique({ where: { id: incidentId }, select: { incidentId: true } })
  return alias?.incidentId ?? null
}

/** Kills per host and day (UTC, `2007-11-02`), days and hosts without a kill left out; ascending by host and day. */
export async function listKillDays(
  from: EpochMs,
  to: EpochMs,
): Promise<{ hostname: string; day: string; kills: number }[]> {
  const { rows } = await pool.query<{ hostname: string; day: string; kills: number }>(
    `select h."name" as hostname, to_char(k."at" at time zone 'UTC', 'YYYY-MM-DD') as day, count(*)::int as kills
       from "Host" h join "Kill" k on k."hostId" = h."id" and k."at" >= $1 and k."at" <= $2
      group by 1, 2 order by 1, 2`,
    [new Date(from), new Date(to)],
  )
  return rows
}

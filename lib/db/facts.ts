import type pg from 'pg'
import { pool } from '@/lib/db/client'
import type { Kill, LogEvent, OomReport, Task } from '@/lib/oom/report'
import type { EpochMs } from '@/lib/units'

/** Facts of one host: those of an incident, or those of a span of time with the facts without a time of some uploads. */
export type FactScope =
  | { hostId: string; incidentId: string }
  | { hostId: string; from: EpochMs; to: EpochMs; undatedUploads?: string[] }

/** Ascending by time, then by the order in which they were read; `Kill.report` refers to `OomReport.index` of this answer. */
export interface Facts {
  kills: Kill[]
  reports: OomReport[]
  events: LogEvent[]
}

type Client = Pick<pg.PoolClient, 'query'>

export async function readFacts(scope: FactScope, client: Client = pool): Promise<Facts> {
  const { condition, parameters } = conditionOf(scope)
  const order = `order by f."at" nulls last, f."uploadId", f."ordinal"`
  const reports = await client.query<{ id: string; detail: Omit<OomReport, 'tasks'>; taskCount: number | null }>(
    `select f."id", f."detail", f."taskCount" from "OomReport" f where f."hostId" = $1 and ${condition} ${order}`,
    parameters,
  )
  const kills = await client.query<{ id: string; detail: Kill; reportId: string | null }>(
    `select f."id", f."detail", f."reportId" from "Kill" f where f."hostId" = $1 and ${condition} ${order}`,
    parameters,
  )
  const events = await client.query<{ id: string; detail: LogEvent }>(
    'incidentId' in scope
      ? `select f."id", f."detail" from "IncidentEvent" i
           join "Event" f on f."hostId" = i."hostId" and f."id" = i."eventId"
          where f."hostId" = $1 and i."incidentId" = $2 ${order}`
      : `select f."id", f."detail" from "Event" f where f."hostId" = $1 and ${condition} ${order}`,
    parameters,
  )
  const reportIds = reports.rows.map((row) => row.id)
  const tasks = await readTasks(scope.hostId, reportIds, client)
  const indexOf = new Map(reportIds.map((id, index) => [id, index]))
  return {
    kills: kills.rows.map((row, index) => ({
      ...row.detail,
      index,
      report: row.reportId === null ? null : (indexOf.get(row.reportId) ?? null),
    })),
    reports: reports.rows.map((row, index) => ({
      ...row.detail,
      index,
      tasks: row.taskCount === null ? null : (tasks.get(row.id) ?? []),
    })),
    events: events.rows.map((row) => row.detail),
  }
}

function conditionOf(scope: FactScope): { condition: string; parameters: unknown[] } {
  if ('incidentId' in scope) return { condition: 'f."incidentId" = $2', parameters: [scope.hostId, scope.incidentId] }
  return {
    condition: '(f."at" between $2 and $3 or (f."at" is null and f."uploadId" = any($4)))',
    parameters: [scope.hostId, new Date(scope.from), new Date(scope.to), scope.undatedUploads ?? []],
  }
}

async function readTasks(hostId: string, reportIds: string[], client: Client): Promise<Map<string, Task[]>> {
  const tasks = new Map<string, Task[]>()
  if (reportIds.length === 0) return tasks
  // Pages and bytes are below 2^53, so a double holds them exactly and JSON can carry them.
  const { rows } = await client.query<Task & { reportId: string }>(
    `select "reportId", "line", "pid", "tgid", "uid"::float8, "comm", "totalVmPages"::float8, "rssPages"::float8,
            "rssAnonPages"::float8, "rssFilePages"::float8, "rssShmemPages"::float8, "swapPages"::float8,
            "pageTableBytes"::float8, "pageTablePages"::float8, "oomScoreAdj", "oomAdj"
       from "Task" where "hostId" = $1 and "reportId" = any($2) order by "reportId", "line"`,
    [hostId, reportIds],
  )
  for (const { reportId, ...task } of rows) {
    const rowsOfReport = tasks.get(reportId)
    if (rowsOfReport) rowsOfReport.push(task)
    else tasks.set(reportId, [task])
  }
  return tasks
}

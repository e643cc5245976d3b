import type pg from 'pg'
import { newId } from '@/lib/db/ids'
import { toJson } from '@/lib/db/json'
import type { Explanation, Incident } from '@/lib/incidents/incident'
import type { Assumption } from '@/lib/source'
import type { EpochMs } from '@/lib/units'

type Client = Pick<pg.PoolClient, 'query'>

/** What stays of an incident while everything else about it is computed again. */
export interface IncidentIdentity {
  id: string
  /** Id of the fact it is tied to. */
  anchorId: string
  createdAt: EpochMs
}

/** Holds all other grouping of this host back until the transaction ends. */
export async function lockHostIncidents(client: Client, hostId: string): Promise<void> {
  await client.query(`select pg_advisory_xact_lock(hashtextextended('oomscope incidents ' || $1, 0))`, [hostId])
}

/** Earliest start and latest end of the incidents that touch each host's span; hosts without one are left out. */
export async function spansOfIncidents(
  client: Client,
  spans: ReadonlyMap<string, { from: EpochMs; to: EpochMs }>,
): Promise<Map<string, { from: EpochMs; to: EpochMs }>> {
  const { rows } = await client.query<{ hostId: string; from: Date; to: Date }>(
    `select i."hostId", min(i."from") as "from", max(i."to") as "to"
       from unnest($1::text[], $2::timestamptz[], $3::timestamptz[]) as s("hostId", "from", "to")
       join "Incident" i on i."hostId" = s."hostId" and i."from" <= s."to" and i."to" >= s."from"
      group by 1`,
    [
      [...spans.keys()],
      [...spans.values()].map(({ from }) => new Date(from)),
      [...spans.values()].map(({ to }) => new Date(to)),
    ],
  )
  return new Map(rows.map((row) => [row.hostId, { from: row.from.getTime(), to: row.to.getTime() }]))
}

/** Earliest start and latest end of the host's incidents that touch a span; null when none does. */
export async function spanOfIncidents(
  client: Client,
  hostId: string,
  span: { from: EpochMs; to: EpochMs },
): Promise<{ from: EpochMs; to: EpochMs } | null> {
  const { rows } = await client.query<{ from: Date | null; to: Date | null }>(
    `select min("from") as "from", max("to") as "to" from "Incident" where "hostId" = $1 and "from" <= $3 and "to" >= $2`,
    [hostId, new Date(span.from), new Date(span.to)],
  )
  const row = rows[0]
  return row?.from && row.to ? { from: row.from.getTime(), to: row.to.getTime() } : null
}

/** Incidents of the host that touch the span, own one of these facts, or own nothing any more; oldest first. */
export async function listIdentities(
  client: Client,
  hostId: string,
  span: { from: EpochMs; to: EpochMs } | null,
  factIds: string[],
): Promise<IncidentIdentity[]> {
  const { rows } = await client.query<{ id: string; anchorId: string; createdAt: Date }>(
    `select i."id", i."anchorId", i."createdAt" from "Incident" i
      where i."hostId" = $1
        and ((i."from" <= $3 and i."to" >= $2) or i."anchorId" = any($4)
          or (not exists (select 1 from "Kill" f where f."incidentId" = i."id")
          and not exists (select 1 from "OomReport" f where f."incidentId" = i."id")
          and not exists (select 1 from "IncidentEvent" f where f."incidentId" = i."id")))
      order by i."createdAt", i."id"`,
    [hostId, span ? new Date(span.from) : null, span ? new Date(span.to) : null, factIds],
  )
  return rows.map((row) => ({ ...row, createdAt: row.createdAt.getTime() }))
}

/** The incident each of these facts belongs to now. */
export async function ownersOfFacts(client: Client, hostId: string, factIds: string[]): Promise<Map<string, string>> {
  const { rows } = await client.query<{ id: string; incidentId: string }>(
    `select "id", "incidentId" from "Kill" where "hostId" = $1 and "id" = any($2) and "incidentId" is not null
     union all
     select "id", "incidentId" from "OomReport" where "hostId" = $1 and "id" = any($2) and "incidentId" is not null`,
    [hostId, factIds],
  )
  return new Map(rows.map((row) => [row.id, row.incidentId]))
}

export interface IncidentDraft extends Explanation {
  /** Null: a new incident. */
  id: string | null
  hostId: string
  anchorId: string
  from: EpochMs | null
  to: EpochMs | null
  /** Its place in lists when the log gives no time. */
  arrivedAt: EpochMs
  kernel: string | null
  end: Incident['end']
  assumptions: Assumption[]
  isTimeUncertain: boolean
  isSample: boolean
  killCount: number
  killTimes: EpochMs[]
  searchText: string
  killIds: string[]
  reportIds: string[]
  eventIds: string[]
}

/** Writes everything derived about one incident and ties its facts to it. @returns its id */
export async function saveIncident(client: Client, draft: IncidentDraft): Promise<string> {
  const id = draft.id ?? newId()
  const date = (at: EpochMs | null) => (at === null ? null : new Date(at))
  await client.query(
    `insert into "Incident" ("id", "hostId", "anchorId", "from", "to", "listedAt", "title", "class", "confidence", "pattern",
       "hog", "findings", "fingerprint", "assumptions", "kernel", "end", "killCount", "killTimes", "isTimeUncertain",
       "isSample", "searchText", "updatedAt")
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, now())
     on conflict ("id") do update set
       "anchorId" = excluded."anchorId", "from" = excluded."from", "to" = excluded."to", "listedAt" = excluded."listedAt",
       "title" = excluded."title", "class" = excluded."class", "confidence" = excluded."confidence",
       "pattern" = excluded."pattern", "hog" = excluded."hog", "findings" = excluded."findings",
       "fingerprint" = excluded."fingerprint", "assumptions" = excluded."assumptions", "kernel" = excluded."kernel",
       "end" = excluded."end", "killCount" = excluded."killCount", "killTimes" = excluded."killTimes",
       "isTimeUncertain" = excluded."isTimeUncertain", "isSample" = excluded."isSample",
       "searchText" = excluded."searchText", "updatedAt" = now()`,
    [
      id,
      draft.hostId,
      draft.anchorId,
      date(draft.from),
      date(draft.to),
      new Date(draft.from ?? draft.arrivedAt),
      toJson(draft.title),
      draft.class,
      draft.confidence,
      draft.pattern,
      draft.hog === null ? null : toJson(draft.hog),
      toJson(draft.findings),
      draft.fingerprint,
      toJson(draft.assumptions),
      draft.kernel,
      draft.end,
      draft.killCount,
      draft.killTimes.map((at) => new Date(at)),
      draft.isTimeUncertain,
      draft.isSample,
      draft.searchText.replaceAll('\u0000', ' '),
    ],
  )
  const own = 'set "incidentId" = $1 where "hostId" = $2 and "id" = any($3) and "incidentId" is distinct from $1'
  await client.query(`update "Kill" ${own}`, [id, draft.hostId, draft.killIds])
  await client.query(`update "OomReport" ${own}`, [id, draft.hostId, draft.reportIds])
  await client.query(`delete from "IncidentEvent" where "incidentId" = $1 and not "eventId" = any($2)`, [
    id,
    draft.eventIds,
  ])
  await client.query(
    `insert into "IncidentEvent" ("incidentId", "hostId", "eventId") select $1, $2, unnest($3::text[]) on conflict do nothing`,
    [id, draft.hostId, draft.eventIds],
  )
  return id
}

/** Ends an incident that is part of another now: its links, notes and shares go there. */
export async function mergeIncident(client: Client, id: string, into: string): Promise<void> {
  for (const table of ['Note', 'ShareLink', 'IncidentAlias']) {
    await client.query(`update "${table}" set "incidentId" = $2 where "incidentId" = $1`, [id, into])
  }
  await client.query(`insert into "IncidentAlias" ("id", "incidentId") values ($1, $2)`, [id, into])
  await client.query('delete from "Incident" where "id" = $1', [id])
}

/** Removes those of these incidents whose identifying fact is no longer told by any source. */
export async function deleteForgottenIncidents(client: Client, hostId: string, ids: string[]): Promise<void> {
  await client.query(
    `delete from "Incident" i where i."hostId" = $1 and i."id" = any($2)
        and not exists (select 1 from "Kill" where "hostId" = $1 and "id" = i."anchorId")
        and not exists (select 1 from "OomReport" where "hostId" = $1 and "id" = i."anchorId")
        and not exists (select 1 from "Event" where "hostId" = $1 and "id" = i."anchorId")`,
    [hostId, ids],
  )
}

/** Removes incidents. */
export async function deleteIncidents(client: Client, ids: string[]): Promise<void> {
  await client.query('delete from "Incident" where "id" = any($1)', [ids])
}

/** Makes the host's boots again from its boot and shutdown events. */
export async function replaceBoots(client: Client, hostId: string): Promise<void> {
  await client.query('delete from "Boot" where "hostId" = $1', [hostId])
  await client.query(
    `insert into "Boot" ("hostId", "id", "startedAt", "endedAt", "kernel")
     select b."hostId", b."id", b."at",
            (select min(s."at") from "Event" s
              where s."hostId" = b."hostId" and s."kind" = 'shutdown' and s."at" > b."at"
                and s."at" < coalesce(b."nextAt", 'infinity')),
            b."detail" -> 'detail' ->> 'kernel'
       from (select *, lead("at") over (order by "at") as "nextAt" from "Event"
              where "hostId" = $1 and "kind" = 'boot' and "at" is not null) b`,
    [hostId],
  )
}

/** Where an incident lies, and the uploads its facts were read from; null when there is none of that id. */
export async function incidentPlace(
  client: Client,
  incidentId: string,
): Promise<{ hostId: string; from: EpochMs | null; to: EpochMs | null; uploads: string[] } | null> {
  const { rows } = await client.query<{ hostId: string; from: Date | null; to: Date | null; uploads: string[] }>(
    `select i."hostId", i."from", i."to", array(
        select "uploadId" from "Kill" where "incidentId" = i."id"
        union select "uploadId" from "OomReport" where "incidentId" = i."id") as "uploads"
       from "Incident" i where i."id" = $1`,
    [incidentId],
  )
  const row = rows[0]
  return row ? { ...row, from: row.from?.getTime() ?? null, to: row.to?.getTime() ?? null } : null
}

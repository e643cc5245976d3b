import type pg from 'pg'
import type { Facts } from '@/lib/db/facts'
import { sha256Hex } from '@/lib/db/ids'
import { toJson } from '@/lib/db/json'
import { eventKey, killKey, reportKey } from '@/lib/incidents/identity'
import type { LineRange, Stamp } from '@/lib/logs/source'
import type { Kill, LogEvent, OomReport, Task } from '@/lib/oom/report'
import type { EpochMs } from '@/lib/units'

type Client = Pick<pg.PoolClient, 'query'>

const ROWS_PER_STATEMENT = 2_000

/** A host whose incidents have to be grouped again, and where: `from` and `to` are null when only undated facts changed. */
export interface ChangedHost {
  hostId: string
  from: EpochMs | null
  to: EpochMs | null
}

/** Row ids are the natural keys, hashed: the same fact from two sources is one row. */
export const killId = (kill: Kill): string => factId(killKey(kill))
export const reportId = (report: OomReport): string => factId(reportKey(report))
export const eventId = (event: LogEvent): string => factId(eventKey(event))

function factId(key: string): string {
  return sha256Hex(key).slice(0, 32)
}

interface FactRow {
  id: string
  kind: 'kill' | 'report' | 'event'
  at: EpochMs | null
  /** How much is known; of two tellings the fuller stays. */
  weight: number
  ordinal: number
  lines: LineRange
  detail: string
}

/**
 * Makes the facts told by an upload exactly these: adds what is new, keeps what other uploads confirm, removes what no
 * source tells any more. Doing it twice changes nothing.
 *
 * @param told facts by host id
 */
export async function replaceFacts(client: Client, uploadId: string, told: Map<string, Facts>): Promise<void> {
  const sources: { hostId: string; row: FactRow }[] = []
  for (const [hostId, facts] of told) {
    const kills = unique(facts.kills.map(killRow))
    const reports = unique(facts.reports.map(reportRow))
    const events = unique(facts.events.map(eventRow))
    await saveReports(client, { hostId, uploadId }, reports, facts.reports)
    await saveKills(client, { hostId, uploadId }, kills, facts)
    await saveEvents(client, { hostId, uploadId }, events, facts.events)
    for (const row of [...kills, ...reports, ...events]) sources.push({ hostId, row })
  }
  await replaceSources(client, uploadId, sources)
  await dropUnsourced(client, uploadId)
}

/** Hosts for which this upload tells facts now, with the span of its dated ones. Asked before and after a change. */
export async function hostsToldBy(client: Client, uploadId: string): Promise<ChangedHost[]> {
  const { rows } = await client.query<{ hostId: string; from: Date | null; to: Date | null }>(
    `select s."hostId", min(coalesce(k."at", r."at", e."at")) as "from", max(coalesce(k."at", r."at", e."at")) as "to"
       from "FactSource" s
       left join "Kill" k on s."kind" = 'kill' and k."hostId" = s."hostId" and k."id" = s."factId"
       left join "OomReport" r on s."kind" = 'report' and r."hostId" = s."hostId" and r."id" = s."factId"
       left join "Event" e on s."kind" = 'event' and e."hostId" = s."hostId" and e."id" = s."factId"
      where s."uploadId" = $1 group by s."hostId"`,
    [uploadId],
  )
  return rows.map(({ hostId, from, to }) => ({ hostId, from: from?.getTime() ?? null, to: to?.getTime() ?? null }))
}

/** Takes back everything this upload told. @returns other uploads that confirm some of it and must be read again */
export async function withdrawFacts(client: Client, uploadId: string): Promise<string[]> {
  await client.query('delete from "FactSource" where "uploadId" = $1', [uploadId])
  await dropUnsourced(client, uploadId)
  const confirming = new Set<string>()
  for (const table of ['Kill', 'OomReport', 'Event']) {
    // Handed over to one of the others: read again, it may write the fact with its own lines.
    const { rows } = await client.query<{ uploadId: string }>(
      `update "${table}" f set "uploadId" = s."uploadId" from "FactSource" s
        where f."uploadId" = $1 and s."hostId" = f."hostId" and s."factId" = f."id" returning f."uploadId"`,
      [uploadId],
    )
    for (const row of rows) confirming.add(row.uploadId)
  }
  return [...confirming]
}

function killRow(kill: Kill, ordinal: number): FactRow {
  return rowOf('kill', killId(kill), kill, ordinal)
}

function reportRow({ tasks, ...report }: OomReport, ordinal: number): FactRow {
  const row = rowOf('report', reportId({ tasks, ...report }), report, ordinal)
  return { ...row, weight: row.weight + (tasks?.length ?? 0) }
}

function eventRow(event: LogEvent, ordinal: number): FactRow {
  return rowOf('event', eventId(event), event, ordinal)
}

/** An exact time outweighs a few fields more, and no block of a report. */
const EXACT_TIME_WEIGHT = 8

function rowOf(kind: FactRow['kind'], id: string, fact: { lines: LineRange; stamp: Stamp }, ordinal: number): FactRow {
  const weight = countKnown(fact) + (fact.stamp.isExact ? EXACT_TIME_WEIGHT : 0)
  return { id, kind, at: fact.stamp.at, ordinal, lines: fact.lines, detail: toJson(fact), weight }
}

function countKnown(value: unknown): number {
  if (value === null || value === undefined) return 0
  if (typeof value !== 'object') return 1
  return Object.values(value).reduce((sum: number, member) => sum + countKnown(member), 0)
}

/** Of two facts with one key in one upload the fuller. PostgreSQL refuses two rows of one key in a statement. */
function unique(rows: FactRow[]): FactRow[] {
  const byId = new Map<string, FactRow>()
  for (const row of rows) {
    const earlier = byId.get(row.id)
    if (!earlier || row.weight > earlier.weight) byId.set(row.id, row)
  }
  return [...byId.values()]
}

interface Teller {
  hostId: string
  uploadId: string
}

// What this upload told before is replaced; what another told stays unless this one tells more.
const IF_FULLER = (table: string) =>
  `where ${table}."uploadId" = excluded."uploadId" or ${table}."weight" < excluded."weight"`

async function saveKills(client: Client, teller: Teller, rows: FactRow[], facts: Facts): Promise<void> {
  const reportOf = new Map(facts.reports.map((report) => [report.index, reportId(report)]))
  const killOf = new Map(facts.kills.map((kill) => [killId(kill), kill]))
  for (const slice of slices(rows)) {
    const kills = slice.map((row) => killOf.get(row.id))
    await client.query(
      `insert into "Kill" ("hostId", "uploadId", "id", "at", "weight", "ordinal", "detail", "reportId", "by", "pid", "comm")
       select $1, $2, t.* from unnest($3::text[], $4::timestamptz[], $5::int[], $6::int[], $7::jsonb[], $8::text[], $9::text[],
              $10::int[], $11::text[]) t
       on conflict ("hostId", "id") do update
         set "uploadId" = excluded."uploadId", "at" = excluded."at", "weight" = excluded."weight",
             "ordinal" = excluded."ordinal", "detail" = excluded."detail",
             "reportId" = coalesce(excluded."reportId", "Kill"."reportId"),
             "by" = excluded."by", "pid" = excluded."pid", "comm" = excluded."comm"
         ${IF_FULLER('"Kill"')}`,
      [
        teller.hostId,
        teller.uploadId,
        ...columns(slice),
        kills.map((kill) => (kill?.report == null ? null : (reportOf.get(kill.report) ?? null))),
        kills.map((kill) => kill?.by ?? null),
        kills.map((kill) => kill?.pid ?? null),
        kills.map((kill) => withoutNul(kill?.comm ?? null)),
      ],
    )
  }
}

async function saveReports(client: Client, teller: Teller, rows: FactRow[], reports: OomReport[]): Promise<void> {
  const tasksOf = new Map(reports.map((report) => [reportId(report), report.tasks]))
  for (const slice of slices(rows)) {
    const { rows: written } = await client.query<{ id: string }>(
      `insert into "OomReport" ("hostId", "uploadId", "id", "at", "weight", "ordinal", "detail", "taskCount")
       select $1, $2, t.* from unnest($3::text[], $4::timestamptz[], $5::int[], $6::int[], $7::jsonb[], $8::int[]) t
       on conflict ("hostId", "id") do update
         set "uploadId" = excluded."uploadId", "at" = excluded."at", "weight" = excluded."weight",
             "ordinal" = excluded."ordinal", "detail" = excluded."detail", "taskCount" = excluded."taskCount"
         ${IF_FULLER('"OomReport"')}
       returning "id"`,
      [teller.hostId, teller.uploadId, ...columns(slice), slice.map((row) => tasksOf.get(row.id)?.length ?? null)],
    )
    const ids = written.map((row) => row.id)
    await client.query('delete from "Task" where "hostId" = $1 and "reportId" = any($2)', [teller.hostId, ids])
    const tasks = ids.flatMap((id) => (tasksOf.get(id) ?? []).map((task) => ({ id, task })))
    await saveTasks(client, teller.hostId, tasks)
  }
}

async function saveTasks(client: Client, hostId: string, rows: { id: string; task: Task }[]): Promise<void> {
  for (const slice of slices(rows)) {
    const column = (value: (task: Task) => number | string | null) => slice.map(({ task }) => value(task))
    await client.query({
      name: 'save-tasks',
      text: `insert into "Task" ("hostId", "reportId", "line", "pid", "tgid", "uid", "comm", "totalVmPages", "rssPages",
               "rssAnonPages", "rssFilePages", "rssShmemPages", "swapPages", "pageTableBytes", "pageTablePages",
               "oomScoreAdj", "oomAdj")
             select $1, t.* from unnest($2::text[], $3::int[], $4::int[], $5::int[], $6::bigint[], $7::text[], $8::bigint[],
               $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[], $14::bigint[], $15::bigint[],
               $16::int[], $17::int[]) t
             on conflict do nothing`,
      values: [
        hostId,
        slice.map(({ id }) => id),
        column((task) => task.line),
        column((task) => task.pid),
        column((task) => task.tgid),
        column((task) => task.uid),
        column((task) => withoutNul(task.comm)),
        column((task) => task.totalVmPages),
        column((task) => task.rssPages),
        column((task) => task.rssAnonPages),
        column((task) => task.rssFilePages),
        column((task) => task.rssShmemPages),
        column((task) => task.swapPages),
        column((task) => task.pageTableBytes),
        column((task) => task.pageTablePages),
        column((task) => task.oomScoreAdj),
        column((task) => task.oomAdj),
      ],
    })
  }
}

async function saveEvents(client: Client, teller: Teller, rows: FactRow[], events: LogEvent[]): Promise<void> {
  const eventOf = new Map(events.map((event) => [eventId(event), event]))
  for (const slice of slices(rows)) {
    const [ids, times, , ordinals, details] = columns(slice)
    await client.query(
      `insert into "Event" ("hostId", "uploadId", "id", "at", "ordinal", "detail", "kind", "severity")
       select $1, $2, t.* from unnest($3::text[], $4::timestamptz[], $5::int[], $6::jsonb[], $7::text[], $8::text[]) t
       on conflict ("hostId", "id") do update
         set "at" = excluded."at", "ordinal" = excluded."ordinal", "detail" = excluded."detail"
         where "Event"."uploadId" = excluded."uploadId"`,
      [
        teller.hostId,
        teller.uploadId,
        ids,
        times,
        ordinals,
        details,
        slice.map((row) => eventOf.get(row.id)?.kind ?? null),
        slice.map((row) => eventOf.get(row.id)?.severity ?? null),
      ],
    )
  }
}

async function replaceSources(
  client: Client,
  uploadId: string,
  sources: { hostId: string; row: FactRow }[],
): Promise<void> {
  await client.query('delete from "FactSource" where "uploadId" = $1', [uploadId])
  for (const slice of slices(sources)) {
    await client.query(
      `insert into "FactSource" ("uploadId", "hostId", "factId", "kind", "fromLine", "toLine")
       select $1, t.* from unnest($2::text[], $3::text[], $4::text[], $5::int[], $6::int[]) t on conflict do nothing`,
      [
        uploadId,
        slice.map(({ hostId }) => hostId),
        slice.map(({ row }) => row.id),
        slice.map(({ row }) => row.kind),
        slice.map(({ row }) => row.lines.from),
        slice.map(({ row }) => row.lines.to),
      ],
    )
  }
}

/** Removes facts read from this upload that no source tells. */
async function dropUnsourced(client: Client, uploadId: string): Promise<void> {
  for (const table of ['Kill', 'OomReport', 'Event']) {
    await client.query(
      `delete from "${table}" f where f."uploadId" = $1
          and not exists (select 1 from "FactSource" s where s."hostId" = f."hostId" and s."factId" = f."id")`,
      [uploadId],
    )
  }
}

function columns(rows: FactRow[]): [string[], (Date | null)[], number[], number[], string[]] {
  return [
    rows.map((row) => row.id),
    rows.map((row) => (row.at === null ? null : new Date(row.at))),
    rows.map((row) => row.weight),
    rows.map((row) => row.ordinal),
    rows.map((row) => row.detail),
  ]
}

/** PostgreSQL refuses U+0000 in text. */
function withoutNul(text: string | null): string | null {
  return text === null ? null : text.replaceAll('\u0000', '\ufffd')
}

function* slices<T>(rows: T[]): Generator<T[]> {
  for (let start = 0; start < rows.length; start += ROWS_PER_STATEMENT)
    yield rows.slice(start, start + ROWS_PER_STATEMENT)
}

import { SAMPLE_FIELDS } from '@/lib/metrics/sample'
import { TIERS } from '@/lib/metrics/tiers'

/** An array of one SQL expression a field, in the order of SAMPLE_FIELDS; places are 1-based, as SQL counts them. */
function array(write: (place: number, column: string) => string): string {
  return `array[${SAMPLE_FIELDS.map((field, index) => write(index + 1, `"${field}"`)).join(', ')}]`
}

// Where nothing is told of a field its count is 0, its last is null, and min, max and sum are what changes nothing when
// merged: PostgreSQL finds a member of an array without nulls at once and counts its way through one with nulls, which
// is a third of a chart's time. The greatest of [instant, value] carries the value of the latest instant, without a sort for every field.
const FROM_SAMPLES = `
  ${array((_, column) => `coalesce(min(${column}::float8), 'Infinity')`)} as "min",
  ${array((_, column) => `coalesce(max(${column}::float8), '-Infinity')`)} as "max",
  ${array((_, column) => `coalesce(sum(${column}::float8), 0)`)} as "sum",
  ${array((_, column) => `(max(array["atMs", ${column}::float8]) filter (where ${column} is not null))[2]`)} as "last",
  ${array((_, column) => `max("atMs") filter (where ${column} is not null)`)} as "lastAtMs",
  ${array((_, column) => `count(${column})`)}::int[] as "count"`

const FROM_ROLLUPS = `
  ${array((place) => `min("min"[${place}])`)} as "min",
  ${array((place) => `max("max"[${place}])`)} as "max",
  ${array((place) => `sum("sum"[${place}])`)} as "sum",
  ${array((place) => `(max(array["lastAtMs"[${place}], "last"[${place}]]) filter (where "count"[${place}] > 0))[2]`)} as "last",
  ${array((place) => `max("lastAtMs"[${place}])`)} as "lastAtMs",
  ${array((place) => `sum("count"[${place}])`)}::int[] as "count"`

const [MINUTE, TEN_MINUTES, HOUR, QUARTER_DAY] = TIERS

function binned(tier: number, from: string, columns: string): string {
  return `(select "hostId", date_bin('${tier} ms', "at", timestamptz 'epoch') as "at", ${columns} from ${from} group by 1, 2)`
}

/**
 * Common table expressions that roll up the rows of `told` ("hostId", "at", "atMs" and every field; null where there is
 * nothing new to tell) and merge them into the stored rollups, without reading the samples again. Exact in any order,
 * as long as every value is told once.
 *
 * @param keptSince SQL of the instants before which the first two tiers are not kept
 */
export function mergeRollups(told: string, keptSince: { minute: string; tenMinutes: string }): string {
  return `
  "minutes" as materialized ${binned(MINUTE, told, FROM_SAMPLES)},
  "tens" as materialized ${binned(TEN_MINUTES, '"minutes"', FROM_ROLLUPS)},
  "hours" as materialized ${binned(HOUR, '"tens"', FROM_ROLLUPS)},
  "quarters" as ${binned(QUARTER_DAY, '"hours"', FROM_ROLLUPS)},
  "rollups" as (
    select ${MINUTE} as "tier", * from "minutes" where "at" >= ${keptSince.minute}
    union all select ${TEN_MINUTES}, * from "tens" where "at" >= ${keptSince.tenMinutes}
    union all select ${HOUR}, * from "hours"
    union all select ${QUARTER_DAY}, * from "quarters"),
  "merged" as (
    insert into "MemoryRollup" as r ("hostId", "tier", "at", "min", "max", "sum", "last", "lastMs", "count")
    select "hostId", "tier", "at", "min", "max", "sum", "last",
           ${array((place) => `"lastAtMs"[${place}] - "startMs"`)}::int[], "count"
      from "rollups", lateral (select date_part('epoch', "at") * 1000 as "startMs") s
    on conflict ("hostId", "tier", "at") do update set
      "min" = ${array((place) => `least(r."min"[${place}], excluded."min"[${place}])`)},
      "max" = ${array((place) => `greatest(r."max"[${place}], excluded."max"[${place}])`)},
      "sum" = ${array((place) => `r."sum"[${place}] + excluded."sum"[${place}]`)},
      "last" = ${array(
        (place) => `case when coalesce(excluded."lastMs"[${place}], -1) >= coalesce(r."lastMs"[${place}], -1)
          then excluded."last"[${place}] else r."last"[${place}] end`,
      )},
      "lastMs" = ${array((place) => `greatest(r."lastMs"[${place}], excluded."lastMs"[${place}])`)},
      "count" = ${array((place) => `r."count"[${place}] + excluded."count"[${place}]`)})`
}

/** SQL that makes the coarsest rollups of `touched` ("hostId", "at" of hours) again, of the hours that are stored. */
export function quartersAgain(touched: string): { drop: string; make: string } {
  const quarters = `select distinct "hostId", date_bin('${QUARTER_DAY} ms', "at", timestamptz 'epoch') as "at" from ${touched}`
  const hours = `(
    select h."hostId", h."at", h."min", h."max", h."sum", h."last", h."count",
           ${array((place) => `h."lastMs"[${place}] + date_part('epoch', h."at") * 1000`)} as "lastAtMs"
      from (${quarters}) q join "MemoryRollup" h
        on h."hostId" = q."hostId" and h."tier" = ${HOUR}
       and h."at" >= q."at" and h."at" < q."at" + interval '${QUARTER_DAY} ms') as "hours"`
  return {
    drop: `delete from "MemoryRollup" r using (${quarters}) q
            where r."tier" = ${QUARTER_DAY} and r."hostId" = q."hostId" and r."at" = q."at"`,
    make: `insert into "MemoryRollup" ("hostId", "tier", "at", "min", "max", "sum", "last", "lastMs", "count")
           select "hostId", ${QUARTER_DAY}, "at", "min", "max", "sum", "last",
                  ${array((place) => `"lastAtMs"[${place}] - date_part('epoch', "at") * 1000`)}::int[], "count"
             from ${binned(QUARTER_DAY, hours, FROM_ROLLUPS)} as "quarters"`,
  }
}

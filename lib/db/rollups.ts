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

const [MINUTE, TEN_MINUTES, HOUR] = TIERS

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
  "hours" as ${binned(HOUR, '"tens"', FROM_ROLLUPS)},
  "rollups" as (
    select ${MINUTE} as "tier", * from "minutes" where "at" >= ${keptSince.minute}
    union all select ${TEN_MINUTES}, * from "tens" where "at" >= ${keptSince.tenMinutes}
    union all select ${HOUR}, * from "hours"),
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

-- Rollups of a quarter of a day, so that a year is drawn from no more rows than a month; made of the hours that are stored.
CREATE TABLE "MemoryRollup_21600000" PARTITION OF "MemoryRollup" FOR VALUES IN (21600000) WITH (fillfactor = 70);

INSERT INTO "MemoryRollup" ("hostId", "tier", "at", "min", "max", "sum", "last", "lastMs", "count")
SELECT "hostId", 21600000, "start",
       array_agg("min" ORDER BY "place"), array_agg("max" ORDER BY "place"), array_agg("sum" ORDER BY "place"),
       array_agg("last" ORDER BY "place"),
       array_agg("lastAtMs" - date_part('epoch', "start") * 1000 ORDER BY "place")::int[],
       array_agg("count" ORDER BY "place")::int[]
  FROM (SELECT h."hostId", date_bin('6 hours', h."at", timestamptz 'epoch') AS "start", v."place",
               min(v."min") AS "min", max(v."max") AS "max", sum(v."sum") AS "sum", sum(v."count") AS "count",
               (max(array[v."lastMs" + date_part('epoch', h."at") * 1000, v."last"]) FILTER (WHERE v."count" > 0))[2] AS "last",
               max(v."lastMs" + date_part('epoch', h."at") * 1000) AS "lastAtMs"
          FROM "MemoryRollup" h,
               unnest(h."min", h."max", h."sum", h."last", h."lastMs", h."count")
                 WITH ORDINALITY AS v("min", "max", "sum", "last", "lastMs", "count", "place")
         WHERE h."tier" = 3600000
         GROUP BY 1, 2, 3) AS "fields"
 GROUP BY "hostId", "start";

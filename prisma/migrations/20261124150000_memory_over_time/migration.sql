-- Memory over time: rollups, processes and cgroups beside the samples, and retention by dropping partitions.

-- What no dated partition covers lands here: nothing that writes has to make a partition first. Retention keeps here
-- what must outlive the raw samples' time (uploads, and the hours around an incident).
CREATE TABLE "MemorySample_kept" PARTITION OF "MemorySample" DEFAULT;

-- Taking back what one upload told. Agents' samples have no upload and no entry.
CREATE INDEX "MemorySample_uploadId_idx" ON "MemorySample"("uploadId") WHERE "uploadId" IS NOT NULL;

-- Min, max, sum, last and count of every field, by bucket of "tier" milliseconds. The arrays hold one member a field in
-- the order of SAMPLE_FIELDS (lib/metrics/sample.ts), which may grow at its end only; 29 fields as columns of their own
-- would be 174 of them.
CREATE TABLE "MemoryRollup" (
    "hostId" TEXT NOT NULL,
    "tier" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "min" DOUBLE PRECISION[] NOT NULL,
    "max" DOUBLE PRECISION[] NOT NULL,
    "sum" DOUBLE PRECISION[] NOT NULL,
    "last" DOUBLE PRECISION[] NOT NULL,
    -- Milliseconds from "at" to the sample "last" was told by: a late sample must not replace a later one.
    "lastMs" INTEGER[] NOT NULL,
    "count" INTEGER[] NOT NULL,
    CONSTRAINT "MemoryRollup_pkey" PRIMARY KEY ("hostId", "tier", "at")
) PARTITION BY LIST ("tier");

CREATE TABLE "MemoryRollup_60000" PARTITION OF "MemoryRollup" FOR VALUES IN (60000) PARTITION BY RANGE ("at");
CREATE TABLE "MemoryRollup_600000" PARTITION OF "MemoryRollup" FOR VALUES IN (600000) PARTITION BY RANGE ("at");
CREATE TABLE "MemoryRollup_60000_rest" PARTITION OF "MemoryRollup_60000" DEFAULT;
CREATE TABLE "MemoryRollup_600000_rest" PARTITION OF "MemoryRollup_600000" DEFAULT;
-- The last bucket of every host is updated with each sample: room in its page keeps that update off the index.
CREATE TABLE "MemoryRollup_3600000" PARTITION OF "MemoryRollup" FOR VALUES IN (3600000) WITH (fillfactor = 70);

-- The largest processes at one instant: one row an instant, one array member a process.
CREATE TABLE "ProcessSample" (
    "hostId" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "uploadId" TEXT,
    "pid" INTEGER[] NOT NULL,
    "comm" TEXT[] NOT NULL,
    "rss" BIGINT[] NOT NULL,
    "swap" BIGINT[] NOT NULL,
    "oomScoreAdj" SMALLINT[] NOT NULL,
    CONSTRAINT "ProcessSample_pkey" PRIMARY KEY ("hostId", "at")
) PARTITION BY RANGE ("at");
CREATE TABLE "ProcessSample_kept" PARTITION OF "ProcessSample" DEFAULT;
CREATE INDEX "ProcessSample_uploadId_idx" ON "ProcessSample"("uploadId") WHERE "uploadId" IS NOT NULL;

-- Memory cgroups at one instant, likewise.
CREATE TABLE "CgroupSample" (
    "hostId" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "uploadId" TEXT,
    "path" TEXT[] NOT NULL,
    "usage" BIGINT[] NOT NULL,
    "limit" BIGINT[] NOT NULL,
    "swap" BIGINT[] NOT NULL,
    "oomKills" INTEGER[] NOT NULL,
    CONSTRAINT "CgroupSample_pkey" PRIMARY KEY ("hostId", "at")
) PARTITION BY RANGE ("at");
CREATE TABLE "CgroupSample_kept" PARTITION OF "CgroupSample" DEFAULT;
CREATE INDEX "CgroupSample_uploadId_idx" ON "CgroupSample"("uploadId") WHERE "uploadId" IS NOT NULL;

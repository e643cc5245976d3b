-- The first schema. Written by hand beside prisma/schema.prisma; lib/db/migrate.ts applies it.

-- A trusted extension since PostgreSQL 13: the owner of the database may create it.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

CREATE TABLE "Host" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "aliases" TEXT[],
    "machineId" TEXT,
    "isSample" BOOLEAN NOT NULL DEFAULT false,
    "firstSeenAt" TIMESTAMPTZ(3) NOT NULL,
    "lastSeenAt" TIMESTAMPTZ(3) NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "Host_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "Boot" (
    "hostId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "startedAt" TIMESTAMPTZ(3),
    "endedAt" TIMESTAMPTZ(3),
    "kernel" TEXT,
    CONSTRAINT "Boot_pkey" PRIMARY KEY ("hostId", "id")
);

CREATE TYPE "UploadState" AS ENUM ('receiving', 'received', 'reading', 'read', 'failed');

CREATE TABLE "Upload" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "hostHint" TEXT,
    "isHostFixed" BOOLEAN NOT NULL DEFAULT false,
    "zoneHint" TEXT,
    "yearHint" INTEGER,
    "modifiedAt" TIMESTAMPTZ(3),
    "chosenHost" TEXT,
    "chosenZone" TEXT,
    "chosenYear" INTEGER,
    "sizeBytes" BIGINT NOT NULL DEFAULT 0,
    "lines" BIGINT NOT NULL DEFAULT 0,
    "sha256" TEXT,
    "hostId" TEXT,
    "state" "UploadState" NOT NULL DEFAULT 'receiving',
    "problem" TEXT,
    "receipts" JSONB NOT NULL DEFAULT '[]',
    "isSample" BOOLEAN NOT NULL DEFAULT false,
    "createdBy" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "receivedAt" TIMESTAMPTZ(3),
    "readAt" TIMESTAMPTZ(3),
    "revision" INTEGER NOT NULL DEFAULT 0,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "leaseOwner" TEXT,
    "leaseUntil" TIMESTAMPTZ(3),
    "touchedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "Upload_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "UploadHost" (
    "uploadId" TEXT NOT NULL,
    "hostId" TEXT NOT NULL,
    CONSTRAINT "UploadHost_pkey" PRIMARY KEY ("uploadId", "hostId")
);

CREATE TABLE "UploadChunk" (
    "uploadId" TEXT NOT NULL,
    "member" INTEGER NOT NULL DEFAULT 0,
    "index" INTEGER NOT NULL,
    "firstLine" BIGINT NOT NULL,
    "lineFeeds" INTEGER NOT NULL,
    "sizeBytes" INTEGER NOT NULL,
    "bytes" BYTEA NOT NULL,
    CONSTRAINT "UploadChunk_pkey" PRIMARY KEY ("uploadId", "member", "index")
);

CREATE TABLE "Kill" (
    "hostId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3),
    "reportId" TEXT,
    "incidentId" TEXT,
    "by" TEXT NOT NULL,
    "pid" INTEGER,
    "comm" TEXT,
    "detail" JSONB NOT NULL,
    "weight" INTEGER NOT NULL,
    "uploadId" TEXT NOT NULL,
    "ordinal" INTEGER NOT NULL,
    CONSTRAINT "Kill_pkey" PRIMARY KEY ("hostId", "id")
);

CREATE TABLE "OomReport" (
    "hostId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3),
    "incidentId" TEXT,
    "detail" JSONB NOT NULL,
    "taskCount" INTEGER,
    "weight" INTEGER NOT NULL,
    "uploadId" TEXT NOT NULL,
    "ordinal" INTEGER NOT NULL,
    CONSTRAINT "OomReport_pkey" PRIMARY KEY ("hostId", "id")
);

CREATE TABLE "Task" (
    "hostId" TEXT NOT NULL,
    "reportId" TEXT NOT NULL,
    "line" INTEGER NOT NULL,
    "pid" INTEGER NOT NULL,
    "tgid" INTEGER,
    "uid" BIGINT,
    "comm" TEXT NOT NULL,
    "totalVmPages" BIGINT,
    "rssPages" BIGINT,
    "rssAnonPages" BIGINT,
    "rssFilePages" BIGINT,
    "rssShmemPages" BIGINT,
    "swapPages" BIGINT,
    "pageTableBytes" BIGINT,
    "pageTablePages" BIGINT,
    "oomScoreAdj" INTEGER,
    "oomAdj" INTEGER,
    CONSTRAINT "Task_pkey" PRIMARY KEY ("hostId", "reportId", "line")
);

CREATE TABLE "Event" (
    "hostId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3),
    "kind" TEXT NOT NULL,
    "severity" TEXT NOT NULL,
    "detail" JSONB NOT NULL,
    "uploadId" TEXT NOT NULL,
    "ordinal" INTEGER NOT NULL,
    CONSTRAINT "Event_pkey" PRIMARY KEY ("hostId", "id")
);

CREATE TABLE "FactSource" (
    "hostId" TEXT NOT NULL,
    "factId" TEXT NOT NULL,
    "uploadId" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "fromLine" INTEGER NOT NULL,
    "toLine" INTEGER NOT NULL,
    CONSTRAINT "FactSource_pkey" PRIMARY KEY ("hostId", "factId", "uploadId")
);

CREATE TABLE "Incident" (
    "id" TEXT NOT NULL,
    "hostId" TEXT NOT NULL,
    "anchorId" TEXT NOT NULL,
    "from" TIMESTAMPTZ(3),
    "to" TIMESTAMPTZ(3),
    "listedAt" TIMESTAMPTZ(3) NOT NULL,
    "title" JSONB NOT NULL,
    "class" TEXT NOT NULL,
    "confidence" TEXT NOT NULL,
    "pattern" TEXT NOT NULL,
    "hog" JSONB,
    "findings" JSONB NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "assumptions" JSONB NOT NULL,
    "kernel" TEXT,
    "end" TEXT NOT NULL,
    "killCount" INTEGER NOT NULL,
    "killTimes" TIMESTAMPTZ(3)[],
    "isTimeUncertain" BOOLEAN NOT NULL,
    "isSample" BOOLEAN NOT NULL,
    "searchText" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "Incident_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "IncidentAlias" (
    "id" TEXT NOT NULL,
    "incidentId" TEXT NOT NULL,
    CONSTRAINT "IncidentAlias_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "IncidentEvent" (
    "incidentId" TEXT NOT NULL,
    "hostId" TEXT NOT NULL,
    "eventId" TEXT NOT NULL,
    CONSTRAINT "IncidentEvent_pkey" PRIMARY KEY ("incidentId", "eventId")
);

-- Partitions are made by month when the first sample of a month is stored (lib/db/samples.ts).
CREATE TABLE "MemorySample" (
    "hostId" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "uploadId" TEXT,
    "memTotal" BIGINT,
    "memFree" BIGINT,
    "memAvailable" BIGINT,
    "memUsed" BIGINT,
    "buffers" BIGINT,
    "cached" BIGINT,
    "shmem" BIGINT,
    "anonPages" BIGINT,
    "sReclaimable" BIGINT,
    "sUnreclaim" BIGINT,
    "pageTables" BIGINT,
    "kernelStack" BIGINT,
    "committedAs" BIGINT,
    "commitLimit" BIGINT,
    "dirty" BIGINT,
    "writeback" BIGINT,
    "swapTotal" BIGINT,
    "swapFree" BIGINT,
    "swapCached" BIGINT,
    "swapInPerSec" DOUBLE PRECISION,
    "swapOutPerSec" DOUBLE PRECISION,
    "majorFaultsPerSec" DOUBLE PRECISION,
    "allocStallPerSec" DOUBLE PRECISION,
    "oomKills" DOUBLE PRECISION,
    "load1" DOUBLE PRECISION,
    "load5" DOUBLE PRECISION,
    "load15" DOUBLE PRECISION,
    "psiMemSomeAvg10" DOUBLE PRECISION,
    "psiMemFullAvg10" DOUBLE PRECISION,
    CONSTRAINT "MemorySample_pkey" PRIMARY KEY ("hostId", "at")
) PARTITION BY RANGE ("at");

CREATE TABLE "Note" (
    "id" TEXT NOT NULL,
    "incidentId" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3),
    "isAtUncertain" BOOLEAN NOT NULL DEFAULT false,
    "isOtherBoot" BOOLEAN NOT NULL DEFAULT false,
    "text" TEXT NOT NULL,
    "author" TEXT NOT NULL,
    "authorId" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "Note_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "ShareLink" (
    "id" TEXT NOT NULL,
    "tokenHash" TEXT NOT NULL,
    "incidentId" TEXT,
    "snapshot" JSONB NOT NULL,
    "createdById" TEXT,
    "createdBy" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "revokedAt" TIMESTAMPTZ(3),
    "views" INTEGER NOT NULL DEFAULT 0,
    "lastViewedAt" TIMESTAMPTZ(3),
    CONSTRAINT "ShareLink_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "ApiToken" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "prefix" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "scopes" TEXT[],
    "host" TEXT,
    "createdById" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expiresAt" TIMESTAMPTZ(3),
    "lastUsedAt" TIMESTAMPTZ(3),
    "revokedAt" TIMESTAMPTZ(3),
    CONSTRAINT "ApiToken_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "OneTimeLink" (
    "id" TEXT NOT NULL,
    "purpose" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expiresAt" TIMESTAMPTZ(3),
    "usedAt" TIMESTAMPTZ(3),
    CONSTRAINT "OneTimeLink_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "User" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "emailVerified" BOOLEAN NOT NULL DEFAULT false,
    "image" TEXT,
    "role" TEXT NOT NULL DEFAULT 'member',
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "User_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "Session" (
    "id" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "token" TEXT NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "ipAddress" TEXT,
    "userAgent" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "Session_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "Account" (
    "id" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "accountId" TEXT NOT NULL,
    "providerId" TEXT NOT NULL,
    "accessToken" TEXT,
    "refreshToken" TEXT,
    "accessTokenExpiresAt" TIMESTAMPTZ(3),
    "refreshTokenExpiresAt" TIMESTAMPTZ(3),
    "scope" TEXT,
    "idToken" TEXT,
    "password" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "Account_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "Verification" (
    "id" TEXT NOT NULL,
    "identifier" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "Verification_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "RateLimit" (
    "id" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "count" INTEGER NOT NULL,
    "lastRequest" BIGINT NOT NULL,
    CONSTRAINT "RateLimit_pkey" PRIMARY KEY ("id")
);

-- The pieces are compressed already: keep PostgreSQL from trying again.
ALTER TABLE "UploadChunk" ALTER COLUMN "bytes" SET STORAGE EXTERNAL;

-- The same bytes for the same host are one upload, also when two arrive at the same time. A sample is not what a person
-- sends, even where the bytes are the same.
CREATE UNIQUE INDEX "Upload_sha256_host_key" ON "Upload"("sha256", coalesce("hostHint", ''), "isSample");
-- The search box matches any part of a name.
CREATE INDEX "Incident_searchText_idx" ON "Incident" USING gin ("searchText" gin_trgm_ops);

CREATE UNIQUE INDEX "Host_name_key" ON "Host"("name");
CREATE INDEX "Upload_state_createdAt_idx" ON "Upload"("state", "createdAt");
CREATE INDEX "Upload_createdAt_id_idx" ON "Upload"("createdAt", "id");
CREATE INDEX "Upload_hostId_idx" ON "Upload"("hostId");
CREATE INDEX "UploadHost_hostId_idx" ON "UploadHost"("hostId");
CREATE INDEX "UploadChunk_uploadId_member_firstLine_idx" ON "UploadChunk"("uploadId", "member", "firstLine");
CREATE INDEX "Kill_hostId_at_idx" ON "Kill"("hostId", "at");
CREATE INDEX "Kill_incidentId_idx" ON "Kill"("incidentId");
CREATE INDEX "OomReport_hostId_at_idx" ON "OomReport"("hostId", "at");
CREATE INDEX "OomReport_incidentId_idx" ON "OomReport"("incidentId");
CREATE INDEX "Event_hostId_at_idx" ON "Event"("hostId", "at");
CREATE INDEX "Event_hostId_kind_at_idx" ON "Event"("hostId", "kind", "at");
CREATE INDEX "FactSource_uploadId_idx" ON "FactSource"("uploadId");
CREATE INDEX "Incident_listedAt_id_idx" ON "Incident"("listedAt", "id");
CREATE INDEX "Incident_hostId_listedAt_idx" ON "Incident"("hostId", "listedAt");
CREATE INDEX "Incident_fingerprint_idx" ON "Incident"("fingerprint");
CREATE INDEX "IncidentAlias_incidentId_idx" ON "IncidentAlias"("incidentId");
CREATE INDEX "IncidentEvent_hostId_eventId_idx" ON "IncidentEvent"("hostId", "eventId");
CREATE INDEX "Note_incidentId_createdAt_idx" ON "Note"("incidentId", "createdAt");
CREATE UNIQUE INDEX "ShareLink_tokenHash_key" ON "ShareLink"("tokenHash");
CREATE INDEX "ShareLink_incidentId_idx" ON "ShareLink"("incidentId");
CREATE INDEX "ShareLink_createdAt_idx" ON "ShareLink"("createdAt");
CREATE UNIQUE INDEX "ApiToken_hash_key" ON "ApiToken"("hash");
CREATE UNIQUE INDEX "OneTimeLink_hash_key" ON "OneTimeLink"("hash");
CREATE UNIQUE INDEX "User_email_key" ON "User"("email");
CREATE UNIQUE INDEX "Session_token_key" ON "Session"("token");
CREATE INDEX "Session_userId_idx" ON "Session"("userId");
CREATE INDEX "Account_userId_idx" ON "Account"("userId");
CREATE INDEX "Verification_identifier_idx" ON "Verification"("identifier");
CREATE UNIQUE INDEX "RateLimit_key_key" ON "RateLimit"("key");

ALTER TABLE "Boot" ADD CONSTRAINT "Boot_hostId_fkey" FOREIGN KEY ("hostId") REFERENCES "Host"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "Upload" ADD CONSTRAINT "Upload_hostId_fkey" FOREIGN KEY ("hostId") REFERENCES "Host"("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "UploadHost" ADD CONSTRAINT "UploadHost_uploadId_fkey" FOREIGN KEY ("uploadId") REFERENCES "Upload"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "UploadHost" ADD CONSTRAINT "UploadHost_hostId_fkey" FOREIGN KEY ("hostId") REFERENCES "Host"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "UploadChunk" ADD CONSTRAINT "UploadChunk_uploadId_fkey" FOREIGN KEY ("uploadId") REFERENCES "Upload"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "Kill" ADD CONSTRAINT "Kill_hostId_fkey" FOREIGN KEY ("hostId") REFERENCES "Host"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "Kill" ADD CONSTRAINT "Kill_incidentId_fkey" FOREIGN KEY ("incidentId") REFERENCES "Incident"("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "OomReport" ADD CONSTRAINT "OomReport_hostId_fkey" FOREIGN KEY ("hostId") REFERENCES "Host"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "OomReport" ADD CONSTRAINT "OomReport_incidentId_fkey" FOREIGN KEY ("incidentId") REFERENCES "Incident"("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "Task" ADD CONSTRAINT "Task_hostId_fkey" FOREIGN KEY ("hostId") REFERENCES "Host"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "Task" ADD CONSTRAINT "Task_hostId_reportId_fkey" FOREIGN KEY ("hostId", "reportId") REFERENCES "OomReport"("hostId", "id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "Event" ADD CONSTRAINT "Event_hostId_fkey" FOREIGN KEY ("hostId") REFERENCES "Host"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "FactSource" ADD CONSTRAINT "FactSource_hostId_fkey" FOREIGN KEY ("hostId") REFERENCES "Host"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "FactSource" ADD CONSTRAINT "FactSource_uploadId_fkey" FOREIGN KEY ("uploadId") REFERENCES "Upload"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "Incident" ADD CONSTRAINT "Incident_hostId_fkey" FOREIGN KEY ("hostId") REFERENCES "Host"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "IncidentAlias" ADD CONSTRAINT "IncidentAlias_incidentId_fkey" FOREIGN KEY ("incidentId") REFERENCES "Incident"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "IncidentEvent" ADD CONSTRAINT "IncidentEvent_incidentId_fkey" FOREIGN KEY ("incidentId") REFERENCES "Incident"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "IncidentEvent" ADD CONSTRAINT "IncidentEvent_hostId_eventId_fkey" FOREIGN KEY ("hostId", "eventId") REFERENCES "Event"("hostId", "id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "Note" ADD CONSTRAINT "Note_incidentId_fkey" FOREIGN KEY ("incidentId") REFERENCES "Incident"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "ShareLink" ADD CONSTRAINT "ShareLink_incidentId_fkey" FOREIGN KEY ("incidentId") REFERENCES "Incident"("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "Session" ADD CONSTRAINT "Session_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "Account" ADD CONSTRAINT "Account_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What agents send in small batches: lines that grow into one upload a host, source and day, and the last values of
-- counters, which a rate needs across requests.

CREATE TABLE "Stream" (
    "hostId" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "day" DATE NOT NULL,
    -- Null until a line of this day tells of memory: most days of most hosts never become an upload.
    "uploadId" TEXT,
    "sizeBytes" BIGINT NOT NULL DEFAULT 0,
    "kept" BIGINT NOT NULL DEFAULT 0,
    "dropped" BIGINT NOT NULL DEFAULT 0,
    -- Lines kept only as neighbours of what may still come, since they were last thinned out.
    "loose" INTEGER NOT NULL DEFAULT 0,
    -- Lines came that the upload's last reading has not seen.
    "isBehind" BOOLEAN NOT NULL DEFAULT false,
    "touchedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "Stream_pkey" PRIMARY KEY ("hostId", "source", "day")
);

-- Serves: the stream behind an upload that is about to be read.
CREATE INDEX "Stream_uploadId_idx" ON "Stream"("uploadId");
-- Serves: forgetting streams that nothing came to for long.
CREATE INDEX "Stream_touchedAt_idx" ON "Stream"("touchedAt");

-- The key is a digest of time and text, so that a batch sent again changes nothing.
CREATE TABLE "StreamLine" (
    "hostId" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "key" BYTEA NOT NULL,
    "day" DATE NOT NULL,
    -- Nanoseconds since 1970, then microseconds since boot: two lines of one moment stand in the kernel's order.
    "atNs" BIGINT NOT NULL,
    "uptimeUs" BIGINT NOT NULL,
    "seq" BIGINT GENERATED ALWAYS AS IDENTITY,
    "weight" SMALLINT NOT NULL,
    "text" TEXT NOT NULL,
    CONSTRAINT "StreamLine_pkey" PRIMARY KEY ("hostId", "source", "key")
);

-- Serves: the lines of one day in their order.
CREATE INDEX "StreamLine_order_idx" ON "StreamLine"("hostId", "source", "day", "atNs", "uptimeUs", "seq");

CREATE TABLE "Counter" (
    "hostId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "value" DOUBLE PRECISION NOT NULL,
    CONSTRAINT "Counter_pkey" PRIMARY KEY ("hostId", "name")
);

-- A scrape target is an address ("10.0.0.7:9100"); which machine that is, one series in the scrape says.
CREATE TABLE "SenderName" (
    "senderId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    -- Null when one sender uses the name for several machines ("localhost:9100").
    "hostId" TEXT,
    CONSTRAINT "SenderName_pkey" PRIMARY KEY ("senderId", "name")
);

ALTER TABLE "Stream" ADD CONSTRAINT "Stream_hostId_fkey" FOREIGN KEY ("hostId") REFERENCES "Host"("id") ON DELETE CASCADE;
ALTER TABLE "Stream" ADD CONSTRAINT "Stream_uploadId_fkey" FOREIGN KEY ("uploadId") REFERENCES "Upload"("id") ON DELETE CASCADE;
ALTER TABLE "StreamLine" ADD CONSTRAINT "StreamLine_stream_fkey" FOREIGN KEY ("hostId", "source", "day") REFERENCES "Stream"("hostId", "source", "day") ON DELETE CASCADE;
ALTER TABLE "Counter" ADD CONSTRAINT "Counter_hostId_fkey" FOREIGN KEY ("hostId") REFERENCES "Host"("id") ON DELETE CASCADE;
ALTER TABLE "SenderName" ADD CONSTRAINT "SenderName_hostId_fkey" FOREIGN KEY ("hostId") REFERENCES "Host"("id") ON DELETE CASCADE;

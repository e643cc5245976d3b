-- Invitations: a one-time link that carries the role it gives, and who made it.
ALTER TABLE "OneTimeLink" ADD COLUMN "role" TEXT;
ALTER TABLE "OneTimeLink" ADD COLUMN "note" TEXT;
ALTER TABLE "OneTimeLink" ADD COLUMN "createdBy" TEXT;

-- Who changed who may see what. Names are copied: an entry outlives the account and the thing it tells of.
CREATE TABLE "AuditEntry" (
    "id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "actorKind" TEXT NOT NULL,
    "actorId" TEXT,
    "actor" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    CONSTRAINT "AuditEntry_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "AuditEntry_at_id_idx" ON "AuditEntry"("at" DESC, "id" DESC);

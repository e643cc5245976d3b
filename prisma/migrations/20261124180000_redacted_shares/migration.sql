-- Whether aliases stand for the names in a shared snapshot. Links made before this show everything as it was.
ALTER TABLE "ShareLink" ADD COLUMN "isRedacted" BOOLEAN NOT NULL DEFAULT false;

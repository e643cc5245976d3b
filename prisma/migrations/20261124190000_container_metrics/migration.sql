-- cAdvisor tells more of a cgroup than an agent does, and its pod and container. Null: the sender tells none of it.
-- "usage" may have null members where a scrape came in parts and the others have not come yet.
ALTER TABLE "CgroupSample" ADD COLUMN "name" TEXT[];
ALTER TABLE "CgroupSample" ADD COLUMN "workingSet" BIGINT[];
ALTER TABLE "CgroupSample" ADD COLUMN "rss" BIGINT[];
ALTER TABLE "CgroupSample" ADD COLUMN "cache" BIGINT[];
ALTER TABLE "CgroupSample" ADD COLUMN "limitHits" INTEGER[];

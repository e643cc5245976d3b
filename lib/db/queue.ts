import type pg from 'pg'
import type { UploadState } from '@/lib/analysis/upload'
import { pool } from '@/lib/db/client'
import type { SourceHints } from '@/lib/source'

/** The channel on which processes tell each other what became of uploads and incidents. */
export const CHANNEL = 'oomscope'

/** How often reading an upload is begun before it counts as failed: a reader that dies takes no other upload with it. */
const ATTEMPT_LIMIT = 3
const LEASE_SECONDS = 30
/** A sender that stored nothing for this long is gone; its pieces are cleared. */
const ABANDONED_AFTER = '1 hour'

/** What one reader holds: nobody else reads this upload while the lease is extended in time. */
export interface Claim {
  uploadId: string
  owner: string
  /** Of the upload when it was claimed: revised or deleted meanwhile, the result is not stored. */
  revision: number
  sizeBytes: number
  isSample: boolean
  hints: SourceHints
  /** `hints.host` stands above every host the text names: a person chose it, or the sender may write for no other. */
  isHostFixed: boolean
}

export type Announcement =
  | { upload: string; state: UploadState | 'deleted' }
  /** Ids of the incidents of a host that were explained again. */
  | { incidents: string[]; hostId: string }
  /** Ids of hosts of which samples, processes or cgroups were stored, and the span that all of these lie in. */
  | { measured: string[]; from: number; to: number }

type Client = Pick<pg.PoolClient, 'query'>

/** Told to every listening process when the transaction commits; at once outside of one. */
export async function announce(message: Announcement, client: Client = pool): Promise<void> {
  await client.query('select pg_notify($1, $2)', [CHANNEL, JSON.stringify(message)])
}

export function announceUpload(upload: string, state: UploadState | 'deleted', client: Client = pool): Promise<void> {
  return announce({ upload, state }, client)
}

interface ClaimRow {
  id: string
  revision: number
  sizeBytes: number
  isSample: boolean
  isHostFixed: boolean
  name: string
  host: string | null
  zone: string | null
  year: number | null
  modifiedAt: Date | null
  receivedAt: Date
}

// What a person chose stands above what the sender said.
const CLAIMED = `u."id", u."revision", u."sizeBytes"::float8, u."isSample", u."name",
  (u."chosenHost" is not null or u."isHostFixed") as "isHostFixed",
  coalesce(u."chosenHost", u."hostHint") as "host", coalesce(u."chosenZone", u."zoneHint") as "zone",
  coalesce(u."chosenYear", u."yearHint") as "year", u."modifiedAt", coalesce(u."receivedAt", u."createdAt") as "receivedAt"`

/**
 * Takes the oldest upload that waits, or whose reader has not been heard of for a lease; null when there is none.
 *
 * @param uploadId takes this one alone, when it waits
 */
export async function claimUpload(owner: string, uploadId: string | null = null): Promise<Claim | null> {
  const { rows } = await pool.query<ClaimRow>(
    `update "Upload" u
        set "state" = 'reading', "leaseOwner" = $1, "attempts" = u."attempts" + 1,
            "leaseUntil" = now() + make_interval(secs => $2)
      where u."id" = (
        select "id" from "Upload"
         where ("state" = 'received' or ("state" = 'reading' and "leaseUntil" < now())) and "attempts" < $3
           and ($4::text is null or "id" = $4)
         order by "createdAt" limit 1
         for update skip locked)
  returning ${CLAIMED}`,
    [owner, LEASE_SECONDS, ATTEMPT_LIMIT, uploadId],
  )
  const row = rows[0]
  if (!row) return null
  await announceUpload(row.id, 'reading')
  return toClaim(row, owner)
}

/**
 * An upload whose bytes still arrive, as it will be claimed; it is not claimed by this, and may never be complete.
 * `hints.receivedAt` is when its bytes began to arrive. Null when there is none.
 */
export async function findArriving(uploadId: string, owner: string): Promise<Claim | null> {
  const { rows } = await pool.query<ClaimRow>(
    `select ${CLAIMED} from "Upload" u where u."id" = $1 and u."state" = 'receiving'`,
    [uploadId],
  )
  return rows[0] ? toClaim(rows[0], owner) : null
}

function toClaim(row: ClaimRow, owner: string): Claim {
  return {
    uploadId: row.id,
    owner,
    revision: row.revision,
    sizeBytes: row.sizeBytes,
    isSample: row.isSample,
    isHostFixed: row.isHostFixed,
    hints: {
      name: row.name,
      host: row.host,
      zone: row.zone,
      year: row.year,
      modifiedAt: row.modifiedAt?.getTime() ?? null,
      receivedAt: row.receivedAt.getTime(),
    },
  }
}

/** @returns false when the claim is lost: revised, deleted, or taken by another reader */
export async function extendClaim(claim: Claim): Promise<boolean> {
  const { rowCount } = await pool.query(
    `update "Upload" set "leaseUntil" = now() + make_interval(secs => $4)
      where "id" = $1 and "leaseOwner" = $2 and "revision" = $3 and "state" = 'reading'`,
    [claim.uploadId, claim.owner, claim.revision, LEASE_SECONDS],
  )
  return rowCount === 1
}

/** Locks the claimed upload for the rest of the transaction. @returns false when the claim is lost */
export async function holdClaim(claim: Claim, client: Client): Promise<boolean> {
  const { rowCount } = await client.query(
    `select 1 from "Upload"
      where "id" = $1 and "leaseOwner" = $2 and "revision" = $3 and "state" = 'reading' for update`,
    [claim.uploadId, claim.owner, claim.revision],
  )
  return rowCount === 1
}

/** Gives the upload back to the queue, as if it had not been claimed: the reader stops in order. */
export async function releaseClaim(claim: Claim): Promise<void> {
  const { rowCount } = await pool.query(
    `update "Upload" set "state" = 'received', "leaseOwner" = null, "leaseUntil" = null, "attempts" = "attempts" - 1
      where "id" = $1 and "leaseOwner" = $2 and "revision" = $3 and "state" = 'reading'`,
    [claim.uploadId, claim.owner, claim.revision],
  )
  if (rowCount === 1) await announceUpload(claim.uploadId, 'received')
}

/** Ends reading with a sentence for the person who sent it. The bytes stay; it can be read again. */
export async function failClaim(claim: Claim, problem: string): Promise<void> {
  const { rowCount } = await pool.query(
    `update "Upload" set "state" = 'failed', "problem" = $4, "leaseOwner" = null, "leaseUntil" = null
      where "id" = $1 and "leaseOwner" = $2 and "revision" = $3 and "state" = 'reading'`,
    [claim.uploadId, claim.owner, claim.revision, problem],
  )
  if (rowCount === 1) await announceUpload(claim.uploadId, 'failed')
}

/** Marks as failed what every reader died of, and clears what senders left unfinished. */
export async function tidyQueue(): Promise<void> {
  const { rows } = await pool.query<{ id: string }>(
    `update "Upload" set "state" = 'failed', "leaseOwner" = null, "leaseUntil" = null, "problem" = $2
      where "attempts" >= $1
        and ("state" = 'received' or ("state" = 'reading' and "leaseUntil" < now()))
  returning "id"`,
    [
      ATTEMPT_LIMIT,
      `Reading this upload was begun ${ATTEMPT_LIMIT} times and never finished. Its bytes are kept; the server's log says why the reader stopped.`,
    ],
  )
  for (const { id } of rows) await announceUpload(id, 'failed')
  await pool.query(`delete from "Upload" where "state" = 'receiving' and "touchedAt" < now() - $1::interval`, [
    ABANDONED_AFTER,
  ])
}

import type pg from 'pg'
import type { Receipt } from '@/lib/analysis/upload'
import type { Assumption } from '@/lib/source'
import type { EpochMs } from '@/lib/units'

/** What an upload brings to the incidents made from its facts. */
export interface FactOrigin {
  uploadId: string
  receivedAt: EpochMs
  isSample: boolean
  assumed: Assumption[]
  processes: Receipt['processes']
}

/** The uploads that tell these facts, oldest first. */
export async function listSourcesOfFacts(
  client: Pick<pg.PoolClient, 'query'>,
  hostId: string,
  factIds: string[],
): Promise<FactOrigin[]> {
  const { rows } = await client.query<{ id: string; receivedAt: Date; isSample: boolean; receipts: Receipt[] }>(
    `select u."id", coalesce(u."receivedAt", u."createdAt") as "receivedAt", u."isSample", u."receipts" from "Upload" u
      where u."id" in (select "uploadId" from "FactSource" where "hostId" = $1 and "factId" = any($2))
      order by u."createdAt", u."id"`,
    [hostId, factIds],
  )
  return rows.map((row) => ({
    uploadId: row.id,
    receivedAt: row.receivedAt.getTime(),
    isSample: row.isSample,
    assumed: row.receipts
      .filter(({ counts }) => counts.kills + counts.reports + counts.events > 0)
      .flatMap(({ assumed }) => assumed),
    processes: row.receipts.find(({ processes }) => processes !== null)?.processes ?? null,
  }))
}

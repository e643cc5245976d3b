import type { Chapter } from '@/lib/analysis/chapter'
import { type Receipt, toStoredChapter } from '@/lib/analysis/upload'
import { pool } from '@/lib/db/client'

/** Other files of one host that are looked at: the newest. A host that sends more sends no rotated files by hand. */
const MOST_CHAPTERS = 60

/** A file that is stored and understood, as a part of its host's history. */
export interface StoredChapter extends Chapter {
  /** Uploads with whose lines its reports were made whole. */
  joined: string[]
}

/** The plain files of a host that were read, the newest first. Archives are histories of their own. */
export async function listChapters(hostname: string): Promise<StoredChapter[]> {
  const { rows } = await pool.query<{ id: string; receipts: Receipt[] }>(
    `select u."id", u."receipts" from "Upload" u join "Host" h on h."id" = u."hostId"
      where h."name" = $1 and u."state" = 'read' and not u."isSample" and jsonb_array_length(u."receipts") = 1
      order by u."createdAt" desc limit $2`,
    [hostname, MOST_CHAPTERS],
  )
  return rows.flatMap(({ id, receipts: [receipt] }) => (receipt && toStoredChapter(receipt, id, hostname)) ?? [])
}

/** Uploads whose reports were made whole with lines of this one. */
export async function listJoined(client: Pick<typeof pool, 'query'>, uploadId: string): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(
    `select u."id" from "Upload" u
      where u."hostId" = (select "hostId" from "Upload" where "id" = $1) and u."id" <> $1 and u."state" <> 'receiving'
        and exists (select 1 from jsonb_array_elements(u."receipts") receipt where receipt->'joined' ? $1)`,
    [uploadId],
  )
  return rows.map(({ id }) => id)
}

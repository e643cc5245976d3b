import { listJoined } from '@/lib/db/chapters'
import { inTransaction } from '@/lib/db/client'
import { hostsToldBy, withdrawFacts } from '@/lib/db/fact-store'
import { forgetEmptyHosts } from '@/lib/db/hosts'
import { announceUpload } from '@/lib/db/queue'
import { withdrawSamples } from '@/lib/db/upload-samples'
import { deleteUpload, hostsOfUpload, readAgain } from '@/lib/db/uploads'
import { mergeChanges } from '@/lib/ingest/changed-hosts'
import { regroupHost } from '@/lib/ingest/regroup'

/**
 * Deletes an upload with its bytes, its samples and every fact that no other upload tells. Uploads that confirm some of
 * its facts, or whose reports it completes, are read again, because lines are cited from them alone now.
 *
 * @throws AppError 'not-found'
 */
export async function removeUpload(uploadId: string): Promise<void> {
  await inTransaction(async (client) => {
    const hosts = await hostsOfUpload(client, uploadId)
    const changes = mergeChanges([
      ...(await hostsToldBy(client, uploadId)),
      ...(await withdrawSamples(client, uploadId)),
    ])
    const confirming = await withdrawFacts(client, uploadId)
    const joined = await listJoined(client, uploadId)
    await deleteUpload(client, uploadId)
    for (const other of new Set([...confirming, ...joined])) await readAgain(client, other)
    for (const change of changes) await regroupHost(client, change, confirming)
    await forgetEmptyHosts(client, hosts)
    await announceUpload(uploadId, 'deleted', client)
  })
}

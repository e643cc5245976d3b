import type { UploadState } from '@/lib/analysis/upload'
import { listen } from '@/lib/db/listen'
import { findUploadState } from '@/lib/db/uploads'

/** An announcement may be missed while its connection is made again. */
const LOOK_EVERY_MS = 1_000

/** Waits until an upload is read or has failed, at most so long. @returns its state then; null when it is gone */
export async function waitForReceipt(
  uploadId: string,
  { upToMs, signal }: { upToMs: number; signal: AbortSignal },
): Promise<UploadState | null> {
  let wake = () => {}
  const unlisten = listen((message) => {
    if ('upload' in message && message.upload === uploadId) wake()
  })
  const deadline = Date.now() + upToMs
  try {
    for (;;) {
      const upload = await findUploadState(uploadId)
      if (!upload || upload.state === 'read' || upload.state === 'failed') return upload?.state ?? null
      const left = deadline - Date.now()
      if (left <= 0 || signal.aborted) return upload.state
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.min(left, LOOK_EVERY_MS))
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  } finally {
    await unlisten()
  }
}

'use client'

import { useRouter } from 'next/navigation'
import { useEffect } from 'react'
import type { UploadState } from '@/lib/analysis/upload'

const ASK_AGAIN_MS = 3_000

/** Says how far the reading of an upload is, and draws the page anew when that changes. */
export function UploadProgress({
  uploadId,
  state,
  problem,
}: {
  uploadId: string
  state: UploadState
  problem: string | null
}) {
  const router = useRouter()
  const isOpen = state === 'receiving' || state === 'received' || state === 'reading'
  useEffect(() => {
    if (!isOpen) return
    const events = new EventSource(`/api/v1/uploads/${encodeURIComponent(uploadId)}/events`)
    let told: string | null = null
    events.addEventListener('message', (event: MessageEvent<string>) => {
      if (told !== null && told !== event.data) router.refresh()
      told = event.data
    })
    // A proxy may hold events back: asking again now and then shows the end of it all the same.
    const timer = setInterval(() => router.refresh(), ASK_AGAIN_MS)
    return () => {
      events.close()
      clearInterval(timer)
    }
  }, [isOpen, uploadId, router])
  if (state === 'read') return null
  if (state === 'failed') {
    return (
      <p className="note" role="alert">
        <span>{problem ?? 'It could not be read.'} The bytes are kept.</span>
      </p>
    )
  }
  return (
    <p className="dim" role="status">
      {state === 'reading' ? 'Being read …' : 'Waiting for its turn …'} This page shows the result by itself.
    </p>
  )
}

'use client'

import { useRouter } from 'next/navigation'
import { useEffect, useState } from 'react'

const LEAST_PAUSE_MS = 5_000
const MOST_PAUSE_MS = 60_000
/** Samples that move the curves by less than this share of their width can wait. */
const NEWS_SHARE = 1 / 1000
/** A stream that was refused, as by a server that is starting, is asked for again after this. */
const RETRY_MS = 5_000

/**
 * Draws the page anew when an address of server-sent events tells of something, and says whether it does. Only while
 * the page is looked at: a browser opens few connections to one server, and pages in the background must not take them.
 */
export function LiveRefresh({ events, rangeMs }: { events: string; rangeMs: number }) {
  const router = useRouter()
  const [isLive, setIsLive] = useState(false)
  const patienceMs = Math.min(MOST_PAUSE_MS, Math.max(LEAST_PAUSE_MS, rangeMs * NEWS_SHARE))
  useEffect(() => {
    let source: EventSource | null = null
    let refreshing: ReturnType<typeof setTimeout> | undefined
    let retrying: ReturnType<typeof setTimeout> | undefined
    let refreshedAt = Number.NEGATIVE_INFINITY
    let refreshAt = Number.POSITIVE_INFINITY
    const refresh = () => {
      refreshAt = Number.POSITIVE_INFINITY
      refreshedAt = performance.now()
      router.refresh()
    }
    const refreshWithin = (pauseMs: number) => {
      const at = Math.max(performance.now(), refreshedAt + pauseMs)
      if (at >= refreshAt) return
      clearTimeout(refreshing)
      refreshAt = at
      refreshing = setTimeout(refresh, at - performance.now())
    }
    const begin = () => {
      source = new EventSource(events)
      source.addEventListener('message', (message) => {
        setIsLive(true)
        // A kill is news at any scale.
        refreshWithin(JSON.parse(message.data).event === 'measured' ? patienceMs : LEAST_PAUSE_MS)
      })
      source.addEventListener('error', () => {
        setIsLive(false)
        if (source?.readyState === EventSource.CLOSED) retrying = setTimeout(begin, RETRY_MS)
      })
    }
    const end = () => {
      source?.close()
      setIsLive(false)
      clearTimeout(refreshing)
      clearTimeout(retrying)
      refreshAt = Number.POSITIVE_INFINITY
    }
    const onVisibility = () => {
      end()
      if (!document.hidden) begin()
    }
    if (!document.hidden) begin()
    document.addEventListener('visibilitychange', onVisibility)
    return () => {
      document.removeEventListener('visibilitychange', onVisibility)
      end()
    }
  }, [events, patienceMs, router])
  return (
    <span
      className="badge noprint"
      role="status"
      title="Draws new samples and incidents of this host as they are stored."
    >
      {isLive ? 'Live' : 'Connecting'}
    </span>
  )
}

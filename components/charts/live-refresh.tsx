'use client'

import { useRouter } from 'next/navigation'
import { useEffect, useState } from 'react'

/** Agents send every 10 s; several hosts' worth of news in a row is drawn once. */
const LEAST_PAUSE_MS = 5_000
/** A stream that was refused, as by a server that is starting, is asked for again after this. */
const RETRY_MS = 5_000

/**
 * Draws the page anew when an address of server-sent events tells of something, and says whether it does. Only while
 * the page is looked at: a browser opens few connections to one server, and pages in the background must not take them.
 */
export function LiveRefresh({ events }: { events: string }) {
  const router = useRouter()
  const [isLive, setIsLive] = useState(false)
  useEffect(() => {
    let source: EventSource | null = null
    let refreshing: ReturnType<typeof setTimeout> | undefined
    let retrying: ReturnType<typeof setTimeout> | undefined
    let refreshedAt = Number.NEGATIVE_INFINITY
    const refreshSoon = () => {
      refreshing ??= setTimeout(
        () => {
          refreshing = undefined
          refreshedAt = performance.now()
          router.refresh()
        },
        Math.max(0, refreshedAt + LEAST_PAUSE_MS - performance.now()),
      )
    }
    const begin = () => {
      source = new EventSource(events)
      source.addEventListener('message', () => {
        setIsLive(true)
        refreshSoon()
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
      refreshing = undefined
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
  }, [events, router])
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

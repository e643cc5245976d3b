'use client'

import { useRouter } from 'next/navigation'
import { useEffect } from 'react'
import { ZONE_COOKIE } from '@/components/ui/preferences'

const YEAR_SECONDS = 31_536_000

/** Tells the server this browser's time zone, and draws the page anew when that was asked for and not yet known. */
export function ZoneCookie({ isAwaited }: { isAwaited: boolean }) {
  const router = useRouter()
  useEffect(() => {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
    const entry = `${ZONE_COOKIE}=${encodeURIComponent(zone)}`
    if (document.cookie.split('; ').includes(entry)) return
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing over plain HTTP
    document.cookie = `${entry}; path=/; max-age=${YEAR_SECONDS}; samesite=lax`
    if (isAwaited) router.refresh()
  }, [isAwaited, router])
  return null
}

'use client'

import { usePathname, useRouter, useSearchParams } from 'next/navigation'
import { useCallback } from 'react'
import type { TimeRange } from '@/lib/charts/time-scale'

/** Puts a range into the address, where a link carries it on; null takes it out again. */
export function useRangeInAddress(): (range: TimeRange | null) => void {
  const router = useRouter()
  const pathname = usePathname()
  const search = useSearchParams()
  return useCallback(
    (range) => {
      const next = new URLSearchParams(search)
      if (range) {
        next.set('from', String(range.from))
        next.set('to', String(range.to))
      } else {
        next.delete('from')
        next.delete('to')
      }
      router.push(`${pathname}?${next}`, { scroll: false })
    },
    [router, pathname, search],
  )
}

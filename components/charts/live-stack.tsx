'use client'

import { lazy, type ReactNode, Suspense, useEffect, useRef, useState } from 'react'
import type { ChartModel } from '@/lib/charts/chart-model'

const InteractiveStack = lazy(() =>
  import('@/components/charts/interactive-stack').then((module) => ({ default: module.InteractiveStack })),
)

/** Shows the static drawings until the interactive ones have loaded and drawn, then swaps them without a shift. */
export function LiveStack({
  model,
  flagAt,
  children,
}: {
  model: ChartModel
  flagAt: number | null
  children: ReactNode
}) {
  const box = useRef<HTMLDivElement>(null)
  const [isNear, setIsNear] = useState(false)
  const [isDrawn, setIsDrawn] = useState(false)

  useEffect(() => {
    const element = box.current
    if (!element) return
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) setIsNear(true)
      },
      { rootMargin: '300px' },
    )
    observer.observe(element)
    return () => observer.disconnect()
  }, [])

  return (
    <div ref={box} className="livestack" data-live={isDrawn || undefined}>
      <div className="static-view">{children}</div>
      {isNear && (
        <div className="live-view">
          <Suspense fallback={null}>
            <InteractiveStack model={model} flagAt={flagAt} onDrawn={() => setIsDrawn(true)} />
          </Suspense>
        </div>
      )}
    </div>
  )
}

'use client'

import { Download } from 'lucide-react'
import { chartCsv } from '@/lib/charts/chart-csv'
import type { ChartModel } from '@/lib/charts/chart-model'

/** Saves what the chart draws as a file; made in the page, from the same rows. */
export function CsvButton({ model }: { model: ChartModel }) {
  return (
    <button type="button" className="btn" onClick={() => save(model)}>
      <Download className="i" aria-hidden />
      CSV
    </button>
  )
}

function save(model: ChartModel): void {
  const day = (at: number) => new Date(at).toISOString().slice(0, 16).replace(':', '')
  const address = URL.createObjectURL(new Blob([chartCsv(model)], { type: 'text/csv' }))
  const link = document.createElement('a')
  link.href = address
  link.download = `oomscope-${day(model.range.from)}-${day(model.range.to)}.csv`
  link.click()
  URL.revokeObjectURL(address)
}

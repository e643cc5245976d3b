'use client'

import { Printer } from 'lucide-react'

export function PrintButton() {
  return (
    <button type="button" className="btn plain icon" aria-label="Print" onClick={() => window.print()}>
      <Printer className="i" aria-hidden />
    </button>
  )
}

'use client'

import { Check, Copy } from 'lucide-react'
import { useState } from 'react'

/** Copies a text, also where the clipboard API is missing because the page came over plain HTTP. */
export function CopyButton({ text, label, isIcon = false }: { text: string; label: string; isIcon?: boolean }) {
  const [state, setState] = useState<'idle' | 'copied' | 'failed'>('idle')
  const onClick = async () => {
    setState((await copyText(text)) ? 'copied' : 'failed')
    setTimeout(() => setState('idle'), 2_000)
  }
  const words = state === 'copied' ? 'Copied' : state === 'failed' ? 'Select and copy it yourself' : label
  const Glyph = state === 'copied' ? Check : Copy
  return (
    <button
      type="button"
      className={isIcon ? 'btn plain icon' : 'btn'}
      onClick={onClick}
      aria-label={isIcon ? words : undefined}
    >
      <Glyph className="i" aria-hidden />
      {!isIcon && words}
      {isIcon && (
        <span className="sr" role="status">
          {state === 'idle' ? '' : words}
        </span>
      )}
    </button>
  )
}

async function copyText(text: string): Promise<boolean> {
  if (navigator.clipboard) {
    try {
      await navigator.clipboard.writeText(text)
      return true
    } catch {
      // Refused by the browser: the older way below may still work.
    }
  }
  const area = document.createElement('textarea')
  area.value = text
  area.className = 'sr'
  // Inside an open dialog the rest of the page is inert and cannot be selected.
  const parent = document.querySelector('dialog[open]') ?? document.body
  parent.append(area)
  area.select()
  const isCopied = document.execCommand('copy')
  area.remove()
  return isCopied
}

'use client'

import { useEffect, useRef } from 'react'

const FIELDS = 'input, textarea, select, [contenteditable]'

/** Pressing / goes to the search field it stands in. */
export function SearchKey() {
  const key = useRef<HTMLElement>(null)
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const isTyping = event.target instanceof Element && event.target.closest(FIELDS)
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || isTyping) return
      event.preventDefault()
      key.current?.closest('form')?.querySelector('input')?.focus()
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [])
  return <kbd ref={key}>/</kbd>
}

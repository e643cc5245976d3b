'use client'

import { THEME_COOKIE } from '@/components/ui/preferences'

const YEAR_SECONDS = 31_536_000

/** Light or dark, kept in a cookie so that the next page comes in the right colours at once. */
export function ThemeSwitch() {
  const onClick = () => {
    const root = document.documentElement
    const isDark = root.dataset.theme
      ? root.dataset.theme === 'dark'
      : matchMedia('(prefers-color-scheme: dark)').matches
    const theme = isDark ? 'light' : 'dark'
    root.dataset.theme = theme
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing over plain HTTP
    document.cookie = `${THEME_COOKIE}=${theme}; path=/; max-age=${YEAR_SECONDS}; samesite=lax`
  }
  return (
    <button type="button" className="btn plain icon" onClick={onClick} aria-label="Switch between light and dark">
      <svg className="i" viewBox="0 0 16 16" aria-hidden="true">
        <circle cx="8" cy="8" r="5.5" />
        <path className="f" d="M8 2.5a5.5 5.5 0 0 1 0 11z" />
      </svg>
    </button>
  )
}

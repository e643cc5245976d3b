/** Cookies that hold how this browser wants pages to look; nothing secret. */
export const THEME_COOKIE = 'oomscope-theme'
export const ZONE_COOKIE = 'oomscope-zone'

export function toTheme(value: string | undefined): 'light' | 'dark' | undefined {
  return value === 'light' || value === 'dark' ? value : undefined
}

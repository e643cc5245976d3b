import { cookies } from 'next/headers'
import { ZONE_COOKIE } from '@/components/ui/preferences'
import { isKnownZone } from '@/lib/charts/clock'
import type { ZoneChoice } from '@/lib/routes'

/** The zone times are told in. `isAwaited`: the browser's was asked for and is not known yet, the host's stands in. */
export async function chosenZone(choice: ZoneChoice, hostZone: string): Promise<{ zone: string; isAwaited: boolean }> {
  const own = isKnownZone(hostZone) ? hostZone : 'UTC'
  if (choice === 'utc') return { zone: 'UTC', isAwaited: false }
  if (choice === 'host') return { zone: own, isAwaited: false }
  const told = (await cookies()).get(ZONE_COOKIE)?.value
  const browser = told === undefined ? null : safelyDecoded(told)
  return browser && isKnownZone(browser) ? { zone: browser, isAwaited: false } : { zone: own, isAwaited: true }
}

function safelyDecoded(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}

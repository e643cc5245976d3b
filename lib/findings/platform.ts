import { compareReleases, parseRelease } from '@/lib/findings/kernel-release'
import type { IncidentFacts } from '@/lib/incidents/incident'
import type { MemcgInfo } from '@/lib/oom/report'

export type Distribution = 'rhel' | 'fedora' | 'amazon' | 'debian' | 'ubuntu' | 'suse' | 'arch' | 'alpine'

/** What advice depends on; null where nothing in the facts tells. */
export interface Platform {
  release: [number, number, number] | null
  cgroupVersion: 1 | 2 | null
  distribution: Distribution | null
  /** systemd runs the services, as cgroup paths with slices or units show. */
  hasSystemd: boolean
}

const DISTRIBUTIONS: [RegExp, Distribution][] = [
  [/\.amzn\d/, 'amazon'],
  [/\.fc\d/, 'fedora'],
  [/\.el\d|\.EL(smp)?$/, 'rhel'],
  [/-(generic|lowlatency|aws|azure|gcp|kvm|oem)$/, 'ubuntu'],
  [/-(amd64|686(-pae)?|arm64|armmp|cloud-amd64|rt-amd64)$|[+~]deb\d/, 'debian'],
  [/-default$/, 'suse'],
  [/-arch\d|-lts$/, 'arch'],
  [/-alpine|-(virt|lts)$/, 'alpine'],
]

/** @param kernel release known from outside the reports */
export function detectPlatform(facts: IncidentFacts, kernel: string | null): Platform {
  const printed = facts.reports.find((report) => report.kernel !== null)?.kernel ?? kernel
  const memcg = facts.reports.find((report) => report.memcg !== null)?.memcg ?? null
  const paths = facts.kills.flatMap((kill) => [kill.cgroup, kill.limitCgroup]).filter((path) => path !== null)
  const isOomd = facts.kills.some((kill) => kill.by === 'systemd-oomd')
  return {
    release: parseRelease(printed),
    cgroupVersion: memcg ? versionOf(memcg) : isOomd ? 2 : null,
    distribution: DISTRIBUTIONS.find(([pattern]) => pattern.test(printed ?? ''))?.[1] ?? null,
    hasSystemd: isOomd || paths.some((path) => /\.(slice|service|scope)(\/|$)/.test(path)),
  }
}

/** v1 prints memory+swap and `rss`, `cache`; v2 prints swap and `anon`, `file`. */
function versionOf(memcg: MemcgInfo): 1 | 2 | null {
  if (memcg.memorySwap || memcg.stats.rss !== undefined || memcg.stats.cache !== undefined) return 1
  if (memcg.swap || memcg.stats.anon !== undefined || memcg.stats.file !== undefined) return 2
  return null
}

/** True when the kernel is known to be at least this release. */
export function isAtLeast(platform: Platform, release: [number, number, number]): boolean {
  return platform.release !== null && compareReleases(platform.release, release) >= 0
}

/** True when the kernel is known to be older. */
export function isOlderThan(platform: Platform, release: [number, number, number]): boolean {
  return platform.release !== null && compareReleases(platform.release, release) < 0
}

import type { OomSource } from '@/lib/oom/source'
import { advice } from '@/lib/oom/sources/advice'
import { alerts } from '@/lib/oom/sources/alerts'
import { android } from '@/lib/oom/sources/android'
import { containers } from '@/lib/oom/sources/containers'
import { counters } from '@/lib/oom/sources/counters'
import { earlyoom } from '@/lib/oom/sources/earlyoom'
import { kernel } from '@/lib/oom/sources/kernel'
import { nohang } from '@/lib/oom/sources/nohang'
import { oomd } from '@/lib/oom/sources/oomd'
import { pasted } from '@/lib/oom/sources/pasted'
import { quoted } from '@/lib/oom/sources/quoted'
import { runtimes } from '@/lib/oom/sources/runtimes'
import { signs } from '@/lib/oom/sources/signs'
import { systemd } from '@/lib/oom/sources/systemd'
import { systemdOomd } from '@/lib/oom/sources/systemd-oomd'
import { uptime } from '@/lib/oom/sources/uptime'

/** Asked in this order; the first that claims a message keeps it. */
export const OOM_SOURCES: readonly OomSource[] = [
  // First: what another source claims still ends a printing and tells when it was.
  pasted,
  alerts,
  counters,
  earlyoom,
  nohang,
  systemdOomd,
  oomd,
  android,
  signs,
  kernel,
  systemd,
  containers,
  advice,
  uptime,
  runtimes,
  quoted,
]

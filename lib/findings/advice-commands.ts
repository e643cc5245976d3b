import type { LimitHit } from '@/lib/findings/limit-hit'
import { isAtLeast, isOlderThan, type Platform } from '@/lib/findings/platform'

/** Commands of the advice, in the words of this kernel, cgroup version and distribution. Upper-case words are the reader's. */

/** @param hit the counter that was hit; null when the report does not print it */
export function raiseCommand(path: string | null, platform: Platform, hit: LimitHit | null): string {
  // Limits of kernel memory are ignored since 5.16 and were given up on before: without one the memory limit counts.
  if (hit?.what === 'kmem') return 'echo -1 > /sys/fs/cgroup/memory/GROUP/memory.kmem.limit_in_bytes'
  if (path?.includes('kubepods')) return 'kubectl set resources deployment/NAME --limits=memory=SIZE'
  const [, runtime, container] = /(docker|libpod)[-/]([0-9a-f]{12})[0-9a-f]*/.exec(path ?? '') ?? []
  if (container !== undefined) {
    return `${runtime === 'libpod' ? 'podman' : 'docker'} update --memory SIZE --memory-swap SIZE ${container}`
  }
  const unit = unitOf(path)
  if (unit !== null) return `systemctl set-property ${unit} ${limitProperty(platform)}=SIZE`
  const first = 'echo BYTES > /sys/fs/cgroup/memory/GROUP/memory.limit_in_bytes'
  const second = 'echo BYTES > /sys/fs/cgroup/GROUP/memory.max'
  if (platform.cgroupVersion === 1) return first
  return platform.cgroupVersion === 2 ? second : `${second}   # cgroup v1: ${first}`
}

/** `oom_adj` until 2.6.35, `oom_score_adj` since; both are told when the kernel is not known. */
export function protectCommand(platform: Platform): string {
  if (platform.hasSystemd) return 'systemctl edit UNIT   # [Service] OOMScoreAdjust=-500'
  if (isOlderThan(platform, [2, 6, 36])) return 'echo -10 > /proc/PID/oom_adj'
  if (isAtLeast(platform, [2, 6, 36])) return 'echo -500 > /proc/PID/oom_score_adj'
  return 'echo -500 > /proc/PID/oom_score_adj   # before 2.6.36: echo -10 > /proc/PID/oom_adj'
}

/** A daemon that acts on pressure: systemd-oomd where kernel and distribution have it, else earlyoom. */
export function daemonFor(platform: Platform): { daemon: string; command: string } {
  const { distribution } = platform
  const isTooOld = distribution === 'rhel' || distribution === 'amazon'
  const daemon = isAtLeast(platform, [4, 20, 0]) && !isTooOld && distribution !== 'alpine' ? 'systemd-oomd' : 'earlyoom'
  const start =
    distribution === 'alpine'
      ? `rc-update add ${daemon} && rc-service ${daemon} start`
      : `systemctl enable --now ${daemon}`
  const install = installOf(platform, daemon)
  return { daemon, command: install === null ? start : `${install} && ${start}` }
}

/** Null where the package comes with the system, or the distribution is not known. */
function installOf(platform: Platform, name: string): string | null {
  const dnf = isAtLeast(platform, [4, 18, 0]) ? 'dnf' : 'yum'
  switch (platform.distribution) {
    case 'debian':
    case 'ubuntu':
      return `apt-get install ${name}`
    case 'rhel':
      return `${dnf} install epel-release && ${dnf} install ${name}`
    case 'fedora':
      return name === 'systemd-oomd' ? null : `dnf install ${name}`
    case 'suse':
      return `zypper install ${name}`
    case 'alpine':
      return `apk add ${name}`
    case 'arch':
      return name === 'systemd-oomd' ? null : `pacman -S ${name}`
    default:
      return null
  }
}

export function limitProperty(platform: Platform): string {
  return platform.cgroupVersion === 1 ? 'MemoryLimit' : 'MemoryMax'
}

/** The systemd unit a path ends in; null for anything that could not be typed safely. */
export function unitOf(path: string | null): string | null {
  const name = (path ?? '').split('/').findLast((part) => /\.(service|slice)$/.test(part))
  return name !== undefined && /^[\w@.:-]+$/.test(name) ? name : null
}

/** A process name comes from a log: it is quoted, or left to the reader. */
export function quoted(comm: string): string {
  return /^[\w.+-]+$/.test(comm) ? comm : 'NAME'
}

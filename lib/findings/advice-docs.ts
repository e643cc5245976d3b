import type { AdviceCode } from '@/lib/findings/advice'
import type { Platform } from '@/lib/findings/platform'

/** Where a step is documented. */
export interface Doc {
  name: string
  href: string
}

const man = (section: number, page: string): Doc => ({
  name: `${page}(${section})`,
  href: `https://man7.org/linux/man-pages/man${section}/${page}.${section}.html`,
})
const systemd = (page: string, section: number): Doc => ({
  name: `${page}(${section})`,
  href: `https://www.freedesktop.org/software/systemd/man/latest/${page}.html`,
})
const kernel = (name: string, path: string): Doc => ({ name, href: `https://docs.kernel.org/${path}` })
const EARLYOOM: Doc = { name: 'earlyoom', href: 'https://github.com/rfjakob/earlyoom' }

const DOCS: Record<AdviceCode, Doc | null> = {
  'record-holders': man(1, 'ps'),
  'keep-kernel-log': man(1, 'dmesg'),
  'dump-tasks': kernel('vm.oom_dump_tasks', 'admin-guide/sysctl/vm.html#oom-dump-tasks'),
  'cap-program': systemd('systemd.resource-control', 5),
  'find-growth': man(1, 'ps'),
  'limit-processes': systemd('systemd.resource-control', 5),
  'protect-service': man(5, 'proc_pid_oom_score_adj'),
  'add-swap': man(8, 'swapon'),
  'act-earlier': EARLYOOM,
  'raise-limit': kernel('cgroup v2: memory', 'admin-guide/cgroup-v2.html#memory'),
  'group-kill': kernel('cgroup v2: memory.oom.group', 'admin-guide/cgroup-v2.html#memory'),
  'look-at-slab': man(1, 'slabtop'),
  'count-threads': man(1, 'ps'),
  'look-at-page-tables': kernel('huge pages', 'admin-guide/mm/hugetlbpage.html'),
  'find-unaccounted': man(5, 'proc_meminfo'),
  'empty-tmpfs': kernel('tmpfs', 'filesystems/tmpfs.html'),
  'fewer-hugepages': kernel('vm.nr_hugepages', 'admin-guide/mm/hugetlbpage.html'),
  'keep-more-free': kernel('vm.min_free_kbytes', 'admin-guide/sysctl/vm.html#min-free-kbytes'),
  'widen-nodes': man(8, 'numactl'),
  'use-64-bit': kernel('high memory', 'mm/highmem.html'),
  'spare-low-memory': kernel('DMA zones', 'core-api/memory-allocation.html'),
  'less-movable': kernel('kernelcore=, movablecore=', 'admin-guide/kernel-parameters.html'),
  'spare-from-oomd': systemd('systemd.resource-control', 5),
  'spare-from-earlyoom': EARLYOOM,
  'who-pressed': kernel('SysRq', 'admin-guide/sysrq.html'),
  'fit-runtime': null,
}

/** The page for this step; null where it depends on the program. */
export function docOf(code: AdviceCode, command: string | null, platform: Platform): Doc | null {
  if (command?.startsWith('kubectl')) {
    const href = 'https://kubernetes.io/docs/tasks/configure-pod-container/assign-memory-resource/'
    return { name: 'Kubernetes: memory of containers and pods', href }
  }
  if (command?.startsWith('docker')) {
    return { name: 'docker container update', href: 'https://docs.docker.com/reference/cli/docker/container/update/' }
  }
  if (command?.startsWith('journalctl')) return systemd('journalctl', 1)
  if (command?.includes('systemd-oomd')) return systemd('systemd-oomd.service', 8)
  if (command?.startsWith('systemctl set-property')) return systemd('systemd.resource-control', 5)
  if (command?.startsWith('systemctl edit')) return systemd('systemd.exec', 5)
  if (code === 'raise-limit' && platform.cgroupVersion === 1) {
    return kernel('cgroup v1: memory', 'admin-guide/cgroup-v1/memory.html')
  }
  return DOCS[code]
}

/** The pages of settings that should be left alone. */
export const SETTINGS_DOC: Doc = kernel('settings below vm.', 'admin-guide/sysctl/vm.html')

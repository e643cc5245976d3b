/** Who can end a process for memory, as their makers write them; the kernel and Android's driver in words. */
export const KILLER_NAMES = {
  kernel: 'the kernel',
  'systemd-oomd': 'systemd-oomd',
  earlyoom: 'earlyoom',
  nohang: 'nohang',
  oomd: 'oomd',
  lmkd: 'lmkd',
  lowmemorykiller: 'Android’s low-memory killer',
  kubelet: 'the kubelet',
} as const

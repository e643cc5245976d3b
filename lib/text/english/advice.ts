/** Steps: what to do, why, what it does, what it risks, how to undo it. */
export const ADVICE = {
  'advice.record-holders': 'Record who holds memory, every minute',
  'advice.record-holders.why': 'The one fact missing here. Next time the incident names the program.',
  'advice.record-holders.effect': '20 lines a minute in syslog',
  'advice.record-holders.risk': 'None worth naming',
  'advice.record-holders.undo': 'Delete the cron line',

  'advice.keep-kernel-log': 'Save the whole kernel log',
  'advice.keep-kernel-log.why':
    'The text lacks part of what the kernel printed. The machine’s own log may still have the rest.',
  'advice.keep-kernel-log.effect': 'Writes the log of this boot to a file that can be dropped here',
  'advice.keep-kernel-log.risk': 'None',
  'advice.keep-kernel-log.undo': 'Delete the file',

  'advice.dump-tasks': 'Let the kernel list all processes',
  'advice.dump-tasks.why': 'The report has no task dump. The kernel prints one with every report when this is on.',
  'advice.dump-tasks.effect': 'The next report names who held the memory',
  'advice.dump-tasks.risk': 'Longer reports on machines with thousands of processes',
  'advice.dump-tasks.undo': 'Set it to 0',

  'advice.cap-program': 'Give {comm} a limit of its own',
  'advice.cap-program.why':
    'It held most of the memory. With a limit, it alone is killed, and the machine stays usable.',
  'advice.cap-program.effect': '{comm} is stopped at its own limit',
  'advice.cap-program.risk': 'It is killed sooner than before',
  'advice.cap-program.undo': 'Set it to infinity',

  'advice.find-growth': 'Find out why {comm} grows',
  'advice.find-growth.why': 'More memory only moves the moment while the cause is unknown.',
  'advice.find-growth.why-suspected': 'It is suspected, not shown, to have held the memory.',
  'advice.find-growth.effect': 'Shows size and start of its processes',
  'advice.find-growth.risk': 'None',
  'advice.find-growth.undo': 'Nothing to undo',

  'advice.limit-processes': 'Limit how many {comm} may run',
  'advice.limit-processes.why': 'One is small, all together are not: a lower maximum keeps their sum below RAM.',
  'advice.limit-processes.effect': 'No more than so many processes and threads start',
  'advice.limit-processes.risk': 'Work waits, or is refused, while all are busy',
  'advice.limit-processes.undo': 'Set it to infinity',

  'advice.protect-service': 'Protect the service that must live',
  'advice.protect-service.why': '{victim} was killed for memory that it did not hold.',
  'advice.protect-service.effect': 'The kernel prefers other processes',
  'advice.protect-service.risk': 'If it is the one that grows, others die for it',
  'advice.protect-service.undo': 'Set it to 0',

  'advice.add-swap': 'Add some swap',
  'advice.add-swap.why':
    'Without swap, memory that is never used again still fills RAM, and there is no time between full and killed.',
  'advice.add-swap.effect': 'Idle memory moves to disk',
  'advice.add-swap.risk': 'A program that grows now slows the machine before it is killed',
  'advice.add-swap.undo': 'swapoff /swapfile, then delete the file',

  'advice.act-earlier': 'Let a daemon act before the machine stands still',
  'advice.act-earlier.why': 'The kernel waited until nothing moved. {daemon} acts on pressure, minutes earlier.',
  'advice.act-earlier.effect': 'The largest process or group ends while the machine still answers',
  'advice.act-earlier.risk': 'It may end a program that would have recovered',
  'advice.act-earlier.undo': 'Disable the service',

  'advice.raise-limit': 'Raise the limit, if the program needs it',
  'advice.raise-limit.why':
    'The group reached {limit:size}. First look whether its need is steady or grows without end.',
  'advice.raise-limit.why-unknown':
    'The group reached its limit. First look whether its need is steady or grows without end.',
  'advice.raise-limit.effect': 'The group may use more of the machine',
  'advice.raise-limit.risk': 'The machine itself can run short',
  'advice.raise-limit.undo': 'Set the old limit again',

  'advice.group-kill': 'End the group as one',
  'advice.group-kill.why': 'Single kills leave a group half alive. With this the whole group ends, and starts clean.',
  'advice.group-kill.effect': 'All processes of the group end together',
  'advice.group-kill.risk': 'Work in progress in the group is lost',
  'advice.group-kill.undo': 'Set it to 0',

  'advice.look-at-slab': 'See which slab cache grows',
  'advice.look-at-slab.why':
    'Kernel memory cannot be killed. The cache’s name tells which part of the kernel holds it.',
  'advice.look-at-slab.effect': 'Lists the largest caches',
  'advice.look-at-slab.risk': 'None',
  'advice.look-at-slab.undo': 'Nothing to undo',

  'advice.count-threads': 'See which program runs so many threads',
  'advice.count-threads.why': 'Every thread takes a kernel stack that no kill of another program gives back.',
  'advice.count-threads.effect': 'Lists the programs with the most threads',
  'advice.count-threads.risk': 'None',
  'advice.count-threads.undo': 'Nothing to undo',

  'advice.look-at-page-tables': 'See which programs need so many page tables',
  'advice.look-at-page-tables.why':
    'Many processes that map the same large memory pay for it each. Huge pages need 512 times fewer entries.',
  'advice.look-at-page-tables.effect': 'Lists page tables by process, in kB',
  'advice.look-at-page-tables.risk': 'None',
  'advice.look-at-page-tables.undo': 'Nothing to undo',

  'advice.find-unaccounted': 'Look for memory outside all counters',
  'advice.find-unaccounted.why':
    'Drivers, a hypervisor’s balloon or compressed swap take pages that no figure of a report lists.',
  'advice.find-unaccounted.effect': 'Shows balloon, drivers’ and vmalloc memory',
  'advice.find-unaccounted.risk': 'None',
  'advice.find-unaccounted.undo': 'Nothing to undo',

  'advice.empty-tmpfs': 'Find what fills tmpfs and shared memory',
  'advice.empty-tmpfs.why':
    'Files in tmpfs stay when their writer is killed. They must be deleted, or the size limited.',
  'advice.empty-tmpfs.effect': 'Lists file systems in memory and shared segments',
  'advice.empty-tmpfs.risk': 'None',
  'advice.empty-tmpfs.undo': 'Nothing to undo',

  'advice.fewer-hugepages': 'Set aside fewer huge pages',
  'advice.fewer-hugepages.why': '{unused:size} of them were unused, and nothing else may use them.',
  'advice.fewer-hugepages.effect': 'Gives unused huge pages back at once',
  'advice.fewer-hugepages.risk': 'A database that needs them does not start',
  'advice.fewer-hugepages.undo': 'Set the old number again, best right after a reboot',

  'advice.keep-more-free': 'Keep more memory free',
  'advice.keep-more-free.why': 'A larger reserve leaves larger blocks for requests that cannot wait.',
  'advice.keep-more-free.effect': 'Reclaim starts earlier',
  'advice.keep-more-free.risk': 'That much less for programs; too large a value makes the machine unusable',
  'advice.keep-more-free.undo': 'Set the old value, shown by sysctl vm.min_free_kbytes',

  'advice.widen-nodes': 'Allow more NUMA nodes',
  'advice.widen-nodes.why': 'Memory was free on nodes that the request was not allowed to use.',
  'advice.widen-nodes.effect': 'Shows which nodes a process may use',
  'advice.widen-nodes.risk': 'None; using remote nodes is slower',
  'advice.widen-nodes.undo': 'Nothing to undo',

  'advice.use-64-bit': 'Use a 64-bit kernel',
  'advice.use-64-bit.why': 'The kernel’s own memory must fit below 896 MiB on 32 bit, however much RAM there is.',
  'advice.use-64-bit.effect': 'All RAM becomes usable for the kernel',
  'advice.use-64-bit.risk': 'A reinstallation on some distributions',
  'advice.use-64-bit.undo': 'Boot the old kernel',

  'advice.spare-low-memory': 'Find the driver that needs memory in zone {zone}',
  'advice.spare-low-memory.why': 'The request had to be met from the lowest part of RAM, whatever was free above.',
  'advice.spare-low-memory.effect': 'Shows devices with drivers, and what they said about DMA',
  'advice.spare-low-memory.risk': 'None',
  'advice.spare-low-memory.undo': 'Nothing to undo',

  'advice.less-movable': 'Keep less memory for movable pages only',
  'advice.less-movable.why': 'Zone Movable had memory, but the kernel’s own requests may not use it.',
  'advice.less-movable.effect': 'Shows movable_node, kernelcore= or movablecore=, and how memory blocks are used',
  'advice.less-movable.risk': 'None; with fewer movable blocks less memory can be unplugged',
  'advice.less-movable.undo': 'Nothing to undo',

  'advice.spare-from-oomd': 'Tell systemd-oomd what to spare',
  'advice.spare-from-oomd.why': 'It ended a group because the pressure above it was too long too high.',
  'advice.spare-from-oomd.effect': 'The unit is chosen last',
  'advice.spare-from-oomd.risk': 'Another unit is chosen instead',
  'advice.spare-from-oomd.undo': 'Remove the setting',

  'advice.spare-from-earlyoom': 'Tell earlyoom what to spare',
  'advice.spare-from-earlyoom.why': 'It stops the largest process when memory and swap fall below its limits.',
  'advice.spare-from-earlyoom.effect': 'Matching processes are chosen last',
  'advice.spare-from-earlyoom.risk': 'Another process is chosen instead',
  'advice.spare-from-earlyoom.undo': 'Remove the option',

  'advice.who-pressed': 'Find out who asked for it',
  'advice.who-pressed.why': 'The key or the file /proc/sysrq-trigger was used. Memory need not be added.',
  'advice.who-pressed.effect': 'Shows what SysRq may do on this machine',
  'advice.who-pressed.risk': 'None',
  'advice.who-pressed.undo': 'Nothing to undo',

  'advice.fit-runtime': 'Fit the runtime’s limit to the machine',
  'advice.fit-runtime.why':
    'The program stopped at a limit of its own. Raising it helps only if the machine or container has room.',
  'advice.fit-runtime.effect': 'The program may use more',
  'advice.fit-runtime.risk': 'Then the kernel may kill it instead',
  'advice.fit-runtime.undo': 'Set the old value',

  'advice.leave-out': 'Leave out {text}',
  'advice.leave-out.effect': 'Nothing useful',
  'advice.leave-out.risk': 'The reason beside it',
  'advice.leave-out.undo': 'Instead, protect one service: {instead}',
} as const

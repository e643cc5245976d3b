/** Statements of findings: a short headline, then one or two sentences with the numbers. */
export const FINDINGS = {
  'swap-exhausted': 'Swap was used up.',
  'swap-exhausted.of-total': '{free:kib} was free of {total:kib}.',
  'swap-exhausted.total-unknown': '{free:kib} was free. The report does not print how much swap there is.',
  'swap-nearly-exhausted': 'Swap was nearly used up.',
  'swap-nearly-exhausted.detail': '{free:kib} was free of {total:kib}, {share:share}.',
  'no-swap': 'There was no swap.',
  'no-swap.exhausted': 'RAM was used up, and there was no swap.',
  'no-swap.detail': 'The report prints a total of {total:kib}: once RAM is full, nothing can be moved out of it.',
  'swap-mostly-free': 'Swap was mostly free.',
  'swap-mostly-free.detail': '{free:kib} of {total:kib} was free ({share:share}), so swap was not what ran out.',

  'zone-below-min': 'Zone {zone} was below its minimum.',
  'zone-below-min.detail': 'It had {free:kib} free, under its minimum of {min:kib}.',
  'zone-below-min.trapped': 'Nearly all free memory lay in zone {other}.',
  'zone-below-min.trapped-detail':
    '{total:kib} was free, but {otherFree:kib} of it ({share:share}) in zone {other}. Zone {zone} had {free:kib}, under its minimum of {min:kib}.',
  'zone-below-min.kept': 'Free memory was kept for others.',
  'zone-below-min.kept-detail':
    'Zone {zone} had {free:kib} free, but {kept:kib} of it in blocks this request may not use. That leaves {counted:kib}, under its minimum of {min:kib}.',
  'zone-closed': 'Zone {zone} was closed to this request.',
  'zone-closed.detail':
    'It had {free:kib} free; {min:kib} must stay as its minimum and {reserve:kib} is kept for requests that can use no other zone.',
  'zone-out': 'Memory was free where this request could not use it.',
  'zone-out.detail':
    'The request (gfp {mask}) may not use the zones that held {elsewhere:kib}. Zone {zone} had {free:kib}, its floor is {floor:kib}.',
  'constraint-cpuset': 'Only the NUMA nodes of a cpuset were allowed.',
  'constraint-cpuset.detail':
    'The kernel names the constraint: the request was bound to the nodes of its cpuset[ {cpuset}][ (node {nodes})].',
  'constraint-memory-policy': 'Only some NUMA nodes were allowed.',
  'constraint-memory-policy.detail':
    'The kernel names the constraint: a memory policy bound the request to certain nodes[ (node {nodes})].',
  'node-out': 'NUMA node[ {nodes}] was out while others had memory.',
  'node-out.detail':
    'Every zone there was closed to this request; {free:kib} was free on other nodes.[ The request asked for its own node only ({flag}).][ Its memory policy allowed node {policy}.][ Its cpuset {cpuset}[ allowed node {mems}].]',
  'memory-elsewhere-free': 'The machine itself had memory.',
  'memory-elsewhere-free.detail': '{free:kib} was free, {share:share} of RAM.',
  fragmentation: 'No free block was large enough.',
  'fragmentation.detail':
    'The request was of order {order:plain}: {block:kib} in one piece. Zone {zone} had {free:kib} free, but only {inBlocks:kib} of it in blocks of that size or larger.',
  'fragmentation.none':
    'The request was of order {order:plain}: {block:kib} in one piece. Zone {zone} had {free:kib} free, none of it in blocks of that size or larger.',
  'fragmentation.event': 'A block of several pages could not be had.',
  'fragmentation.event-detail':
    'The request was of order {order:plain}; the text has no free lists to show how broken up the free memory was.',
  'not-oom': 'A failed allocation, not an OOM kill.',
  'not-oom.detail': '{comm} could not get memory of order {order:plain}. The kernel went on; nothing was killed.',

  'cgroup-limit-hit': 'The cgroup reached its own limit.',
  'cgroup-limit-hit.memory':
    '{usage:kib} used of {limit:kib} allowed[ in {cgroup}], refused {failcnt:count} {failcnt|time|times}.',
  'cgroup-limit-hit.memory-swap':
    '{usage:kib} of memory and swap used of {limit:kib} allowed[ in {cgroup}], refused {failcnt:count} {failcnt|time|times}.',
  'cgroup-limit-hit.kmem':
    'Kernel memory reached {usage:kib} of {limit:kib} allowed[ in {cgroup}], refused {failcnt:count} {failcnt|time|times}.',
  'cgroup-limit-hit.below': '{usage:kib} used of {limit:kib} allowed[ in {cgroup}] when the report was written.',
  'cgroup-limit-hit.unknown': 'The limit of {cgroup} was hit; the report does not print how large it is.',
  'cgroup-limit-hit.unnamed': 'The kernel names a cgroup limit as the reason; the text names neither group nor size.',
  'cgroup-parent': 'The limit belongs to a parent group.',
  'cgroup-parent.detail': 'The victim lived in {victim}; the limit that was hit is that of {limit}.',
  'cgroup-held': 'The group {cgroup} used {share:share} of {whole}.',
  'cgroup-held.detail': '{usage:size} by its last sample before; page cache counts in it.',
  'cgroup-anon': 'It was the programs’ own memory.',
  'cgroup-anon.detail': '{anon:kib} anonymous, {file:kib} page cache.',
  'cgroup-shmem': 'Shared memory filled the cgroup.',
  'cgroup-shmem.detail':
    '{shmem:kib} is tmpfs or shared memory, {share:share} of the limit: killing a process does not give it back.',
  'cgroup-cache': 'Page cache filled the cgroup.',
  'cgroup-cache.detail':
    '{cache:kib} is cached file pages, {share:share} of the limit. They wait to be written or are in use: killing a process does not give them back.',
  'cgroup-kernel': 'Kernel memory filled the cgroup.',
  'cgroup-kernel.detail': '{kernel:kib} is kernel memory charged to the group, {share:share} of the limit.',
  'consequence-only': 'A container reported that it ran out of memory.',
  'consequence-only.detail':
    '[It is told of [container {part} in ]{name}[, namespace {namespace}]. ][The victim is {comm}[ (pid {pid:plain})]. ]The kernel’s report is not in this text, so limit and usage are unknown.',
  'counted-kills': 'The kernel counted {count} {count|kill|kills}, and no line of its log has arrived.',
  'counted-kills.detail':
    'Its counter oom_kill rose between {since} and {until}. The log says who was killed and why; on {host} run: journalctl -k -o short-iso-precise --since=-2d | curl -sT - -H "Authorization: Bearer $TOKEN" "$URL/api/v1/logs?host={host}" (without a journal: dmesg instead of journalctl …).',
  'consequence-only.machine': 'The machine reported that it ran out of memory.',

  'slab-unreclaimable': 'The kernel’s own slab held {share:share} of RAM.',
  'slab-unreclaimable.detail': '{size:kib} of {usable:kib} is slab that cannot be reclaimed.',
  'slab-reclaimable': 'Slab caches that should shrink held {share:share} of RAM.',
  'slab-reclaimable.detail':
    '{size:kib} of {usable:kib} is slab that counts as reclaimable, mostly names and attributes of files, and yet it was not given back.',
  slab: 'The kernel’s slab held {share:share} of RAM.',
  'slab.detail': '{size:kib} of {usable:kib}; this kernel does not say how much of it could be reclaimed.',
  'kernel-stack': 'Kernel stacks held {share:share} of RAM.',
  'kernel-stack.detail': '{size:kib} of {usable:kib}; every thread needs one.',
  'page-tables': 'Page tables held {share:share} of RAM.',
  'page-tables.detail': '{size:kib} of {usable:kib}; they grow with the number of processes and what each maps.',
  'memory-unaccounted': '{share:share} of memory is in nothing the report lists.',
  'memory-unaccounted.detail':
    '{size:kib} of {usable:kib}. Free, process, file, slab and page-table pages add up to {known:kib}; drivers, a balloon or compressed swap can hold the rest.',
  'slab-caches': 'The largest slab caches are named.',
  'slab-caches.detail': '{caches}.',
  shmem: 'Shared memory held {share:share} of RAM.',
  'shmem.detail':
    '{size:kib} of {usable:kib} is tmpfs or shared memory. It can be swapped but not dropped, and a kill does not give it back.',
  hugepages: 'Huge pages held {share:share} of RAM.',
  'hugepages.detail': '{size:kib} of {usable:kib} is set aside, {unused:kib} of it unused. Nothing else can use it.',
  unevictable: '{share:share} of RAM was locked.',
  'unevictable.detail': '{size:kib} of {usable:kib} is unevictable: locked by programs, or without swap to go to.',
  'memory-in-processes': 'It is the memory of processes.',
  'memory-in-processes.or-files': 'It is the memory of processes and files.',
  'memory-in-processes.anon':
    '{size:kib} of {usable:kib} ({share:share}) is anonymous memory[, and {tables:kib} are page tables].',
  'memory-in-processes.lru':
    '{size:kib} of {usable:kib} ({share:share}) is process and file pages[, and {tables:kib} are page tables].',
  'processes-small': 'Processes held little.',
  'processes-small.detail':
    'All process and file pages together are {size:kib}, {share:share} of {usable:kib}.[ Killing {victim} could not give back what was missing.]',
  'free-above-min': 'The figures do not explain the kill.',
  'free-above-min.detail': 'Every zone was above its minimum when the report was written: {zones}.',

  'manual-sysrq': 'Somebody asked for it.',
  'manual-sysrq.detail': 'The OOM killer was started by hand (SysRq-f, order −1), not by a lack of memory.',
  'memory-free': 'Memory was free.',
  'memory-free.detail': '{free:kib} was free, {share:share} of RAM, and every zone was above its minimum: {zones}.',
  'userspace-killer': 'Not the kernel: {killer} did it.',
  'userspace-killer.cgroup': 'It killed the group {cgroup}, not one process.',
  'userspace-killer.process': 'It stopped {comm}[ (pid {pid:plain})] on its own rules.',
  pressure: 'It printed its reason.',
  'pressure.detail': '“{reason}”',
  eviction: 'The kubelet evicted pods.',
  'eviction.detail': '“{reason}”',
  'runtime-limit': 'A program reached the limit of its own runtime.',
  'runtime-limit.detail': '“{reason}”',
  'low-memory': '{killer} had warned.',
  'low-memory.detail': '“{reason}”',
  'last-sample': 'Samples show memory used up just before.',
  'last-sample.detail':
    '{available:size} of {total:size} was available in the last sample before the first kill[, and {swapFree:size} of {swapTotal:size} swap was free].',
  global: 'The whole machine was short, not one cgroup.',
  'global.detail': 'The kernel names no limit.[ {cgroup} is only where the victim lived.]',
  'order-0': 'Not even single pages could be had.',
  'order-0.detail': 'The kernel prints failed requests of order 0 ({masks}): this is not fragmentation.',
  'requester-killed': 'This kernel kills the program that asked.',
  'requester-killed.detail': 'It ended the process whose page fault failed. That says nothing about its size.',
  'no-report': 'The kernel printed no memory figures.',
  'no-report.detail': 'What held the memory is not in this log.',

  kills: 'The kernel killed {names}.',
  'kills.one':
    '[It had {rss:kib} resident[ and {swap:kib} in swap]. ]The request that could not be met came from {invoker}.',
  'kills.one-size': 'It had {rss:kib} resident[ and {swap:kib} in swap].',
  'kills.many': '{count:count} kills[ in {bursts:count} {bursts|burst|bursts}][ over {span:duration}].',
  'trigger-is-victim': 'The process that asked for memory is the one that was killed.',
  'trigger-is-victim.detail': '{comm} (pid {pid:plain}).',
  invoker: '{invoker} asked, {victim} died.',
  'invoker.detail':
    'The request that could not be met came from {invoker}[ (pid {pid:plain})]; that does not make it the cause.',
  'invoker.kernel': 'It came from a kernel thread, which holds no memory of its own.',
  hog: '{comm} held {share:share} of {whole}.',
  'hog.many': '{comm} ×{processes:count} held {share:share} of {whole}.',
  'hog.with-swap': '{comm}[ ×{processes:count}] held {rss:size} and {swap:size} in swap.',
  'hog.size': '{comm} held {rss:size}.',
  'hog.bound': '{comm} ×{processes:count} held the most.',
  'hog.one-detail':
    '{rss:kib} resident[, {own:kib} of it anonymous][ and {swap:kib} in swap][, oom_score_adj {adj:plain}]. The report’s task dump names it.',
  'hog.many-detail':
    '{processes:count} processes, {rss:kib} resident together[ and {swap:kib} in swap]; shared pages count once for each. The largest had {largest:kib}.',
  'hog.bound-detail':
    'The sizes of its {processes:count} processes add up to more than all memory, because they share pages. The largest had {largest:kib}.',
  'hog.kill-line': '{rss:kib} resident, as the kill line says.',
  'hog.metrics': '{rss:size} resident[ and {swap:size} in swap], by the last process list before the kill.',
  'hog.suspected-note': '{comm}[ ×{processes:count}] is suspected.',
  'hog.suspected-note-detail': 'A note names it; the log does not.',
  'hog.suspected-boot-detail':
    'A note names it from another boot: it shows what runs on this machine, not what held memory then.',
  'hog.suspected-score': '{comm} is suspected.',
  'hog.suspected-score-detail':
    'Its score of {score:plain} means {share:share} of what it may use, unless an oom_score_adj is in it, which the text does not print. It had {rss:kib} resident.',
  'hog-unknown': 'Who held the memory is not in this log.',
  'hog-unknown.no-table': 'The report has no task dump. Next time, record the largest processes every minute.',
  'hog-unknown.cut-table':
    'The task dump is not whole, so a larger process may be missing. Keep the full kernel log next time.',
  'hog-unknown.no-report': 'No report is in the text. Keep the full kernel log next time: dmesg, or journalctl -k.',
  'hog-none': 'No single program held the memory.',
  'hog-none.detail': 'The largest was {comm}[ ×{processes:count}] with {rss:kib}[, {share:share} of {whole}].',
  'victim-is-hog': 'The killed process is the one that held the memory.',
  'victim-is-hog.detail': '{comm} (pid {pid:plain})[, score {score:plain}].',
  'victim-in-hog': 'The victim is one of them.',
  'victim-in-hog.largest': '{comm} (pid {pid:plain}) is the largest process of the program that held the memory.',
  'victim-in-hog.detail': '{comm} (pid {pid:plain}) belongs to the program that held the memory.',
  'victim-not-hog': 'The victim did not hold the memory.',
  'victim-not-hog.detail': '{victim} was killed; {comm} held more.',
  'victim-small': 'The victim was small.',
  'victim-small.detail': '{victim} held {size:kib} and was still chosen: no process that may be killed was large.',
  'useless-kill': 'The kill could not help.',
  'useless-kill.detail': '{victim} held {anon:kib} of its own memory[ and {file:kib} of file pages].',
  'impossible-score': 'The score is impossible.',
  'impossible-score.detail':
    '{victim} was given {score:plain}, but scores are thousandths of memory: an error in the kernel chose it.',
  'victim-protected': 'The victim was protected.',
  'victim-protected.detail': '{victim} had oom_score_adj {adj:plain}: it should have been among the last to be chosen.',
  adj: 'An adjustment raised the victim’s score.',
  'adj.detail': '{victim} had oom_score_adj {adj:plain}; size alone is not the whole reason.',
  'hog-protected': 'The largest process was protected.',
  'hog-protected.exempt': '{comm} (pid {pid:plain}) has {rss:kib}, but oom_score_adj −1000 exempts it.',
  'hog-protected.lowered':
    '{comm} (pid {pid:plain}) has {rss:kib}, but oom_score_adj {adj:plain} put it behind the victim.',
  'old-choice': 'This kernel chooses by address space.',
  'old-choice.detail':
    'Before 2.6.36 the largest in reserved addresses goes first, whatever of it is in RAM: that {victim} was chosen does not show that it held the memory.',
  'allocating-task': 'Whoever asked was killed.',
  'allocating-task.detail':
    'vm.oom_kill_allocating_task is set: {victim} died because it asked for memory, whatever it held.',
  'group-kill': 'The whole group was ended.',
  'group-kill.detail': 'memory.oom.group is set: {count:count} {count|process|processes} of the group died together.',
  'expected-victim': 'The kernel’s choice can be recomputed.',
  'expected-victim.agrees':
    '{victim} has the most points of {rows:count} {rows|row|rows}: {points:count} pages.[ That makes a score of {score:plain}, as printed.]',
  'unexpected-victim': 'Another process had more points.',
  'unexpected-victim.detail':
    '{victim} is number {rank:count} of {rows:count}; {comm} (pid {pid:plain}) has {points:count} pages. A child killed for its parent, or a task that was already dying, would explain it.',

  thrashing: 'The machine was barely moving.',
  'thrashing.report': 'Writing this one report took {took:duration}[, with silences of {silences} inside it].',
  'thrashing.both':
    'Writing this one report took {took:duration}[, with silences of {silences} inside it]. {moved:size} had passed through the swap cache since boot[, on a machine with {ram:size}].',
  'swap-traffic': '{moved:size} had passed through the swap cache since boot.',
  'swap-traffic.detail': '{add:count} pages were added to it[; {share:share} of the look-ups found their page].',
  'reclaim-gave-up': 'Reclaim had given up.',
  'reclaim-gave-up.detail': 'The kernel calls {zones} unreclaimable after scanning {scanned:count} pages.',
  'later-kills': '{count:count} more {count|kill|kills} came without a report in this text.',
  'later-kills.detail': '{names}. The figures of the report are not about {count|it|them}.',
  'two-reports': '{count:count} reports belong to this incident.',
  'two-reports.detail': '{without:count} of them {without|has|have} no kill line in the text.',
  'fork-storm': '{comm} ran {processes:count} times.',
  'fork-storm.detail': 'Together they held {rss:kib} by their own counts, half of all processes or more.',
  'restart-loop': 'It happened {times:count} times.',
  'restart-loop.detail': '{comm} was started again and killed again[, about every {every:duration}].',
  panic: 'Then the kernel panicked.',
  'panic.alone': 'The kernel panicked.',
  'panic.detail': '“{reason}”',
  booting: 'It happened while the machine was booting.',
  'booting.detail': 'The kernel had just printed “{text}”.',
  'panic-not-oom': 'A panic in the same text is not about memory.',
  'panic-not-oom.detail': '“{reason}”',
  'no-victim': 'The kernel found nothing to kill.',
  'no-victim.detail': '“{reason}”',
  'no-kill': 'No kill is in the text.',
  'no-kill.detail':
    '[{invoker} invoked the OOM killer[ at order {order:plain}]. ]What came of it is not in this log; nobody is known to have been killed.',
  suppressed: 'Messages were dropped.',
  'suppressed.detail': '“{reason}” There may have been more kills than these.',
  'table-filtered': 'The task dump is not whole.',
  'table-filtered.perhaps': 'The task dump may not be whole.',
  'table-filtered.perhaps-detail':
    'It has {rows:count} {rows|row|rows}, and the text gives nothing to compare them with.',
  'table-filtered.detail': '{rows:count} {rows|row is|rows are} left; others were filtered or cut away.',
  consistent: 'The report is consistent with itself.',
  'consistent.detail': 'The free lists add up to the free memory of {zones:count} {zones|zone|zones}.',
  inconsistent: 'The report does not add up.',
  'inconsistent.detail':
    'The free lists of zone {zone} give {sum:kib}, the zone says {free:kib}. Figures changed while it was written, or text is damaged.',
  'page-size-assumed': 'Page size assumed to be 4 kB.',
  'page-size-assumed.detail':
    'Nothing in the report tells it; on arm64 and ppc64 it can be 64 kB, and sizes would be 16 times larger.',
  'obsolete-advice': 'Leave out {text}.',
  'obsolete-advice.vm.oom-kill':
    'It exists on RHEL 4 (4.2 and later) only. Where it works, nothing is killed and the machine hangs instead; elsewhere it is unknown.',
  'obsolete-advice.oom_adj': 'oom_adj was replaced by oom_score_adj in 2.6.36 and is gone since 3.7.',
  'obsolete-advice.panic_on_oom': 'With 2 the machine reboots even for a full container.',
  'obsolete-advice.oom_kill_allocating_task': 'It kills whoever asks next, not who holds the memory.',
  'obsolete-advice.drop_caches':
    'Dropping caches frees what the kernel frees by itself, and makes the next minutes slower.',
  'obsolete-advice.swappiness':
    'With 0 the kernel swaps only when it must. That does not stop kills; it can bring them earlier.',
  'obsolete-advice.overcommit-always': 'With 1 the kernel promises memory without limit: more kills, not fewer.',
} as const

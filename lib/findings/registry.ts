import type { FindingRule } from '@/lib/findings/rule'
import { allowedNodes, nodeOut } from '@/lib/findings/rules/allowed-nodes'
import { cgroupContents } from '@/lib/findings/rules/cgroup-contents'
import { cgroupHolder } from '@/lib/findings/rules/cgroup-holder'
import { cgroupLimit, cgroupParent } from '@/lib/findings/rules/cgroup-limit'
import { consequenceOnly } from '@/lib/findings/rules/consequence-only'
import { countedKills } from '@/lib/findings/rules/counted-kills'
import { fragmentation } from '@/lib/findings/rules/fragmentation'
import { freeAboveMin } from '@/lib/findings/rules/free-above-min'
import { hog, hogUnknown } from '@/lib/findings/rules/hog'
import { kernelMemory, processesSmall, slabCaches } from '@/lib/findings/rules/kernel-memory'
import { invoker, kills } from '@/lib/findings/rules/kills'
import { lastSample } from '@/lib/findings/rules/last-sample'
import { memoryElsewhereFree } from '@/lib/findings/rules/memory-elsewhere-free'
import { memoryInProcesses } from '@/lib/findings/rules/memory-in-processes'
import { notOom } from '@/lib/findings/rules/not-oom'
import {
  eviction,
  lowMemory,
  manual,
  pressure,
  runtimeLimit,
  userspaceKiller,
} from '@/lib/findings/rules/not-the-kernels-choice'
import { obsoleteAdvice } from '@/lib/findings/rules/obsolete-advice'
import { noVictim, otherPanic, panic, suppressed, whileBooting } from '@/lib/findings/rules/outcome'
import { forkStorm, laterKills, noKill, restartLoop, severalReports } from '@/lib/findings/rules/repetition'
import { hugepages, shmem, unevictable } from '@/lib/findings/rules/set-aside'
import { firstSign, noSign } from '@/lib/findings/rules/signs'
import { pageSizeAssumed, selfConsistent, tableFiltered } from '@/lib/findings/rules/soundness'
import { swap } from '@/lib/findings/rules/swap'
import { reclaimGaveUp, thrashing } from '@/lib/findings/rules/thrashing'
import {
  adjustment,
  allocatingTask,
  expectedVictim,
  groupKill,
  hogProtected,
  impossibleScore,
  oldChoice,
  uselessKill,
  victimIsHog,
  victimSmall,
} from '@/lib/findings/rules/victim'
import { global, noReport, orderZero, requesterKilled } from '@/lib/findings/rules/without-figures'
import { zoneBelowMin } from '@/lib/findings/rules/zone-below-min'
import { zoneOut } from '@/lib/findings/rules/zone-out'

/** Every finding. Within what they tell (`TELLS`), this order is the order on the page. */
export const FINDING_RULES: readonly FindingRule[] = [
  manual,
  userspaceKiller,
  pressure,
  eviction,
  runtimeLimit,
  consequenceOnly,
  countedKills,
  notOom,
  cgroupLimit,
  cgroupParent,
  allowedNodes,
  nodeOut,
  memoryElsewhereFree,
  zoneOut,
  fragmentation,
  freeAboveMin,
  swap,
  zoneBelowMin,
  lastSample,
  global,
  orderZero,

  hog,
  cgroupHolder,
  cgroupContents,
  ...kernelMemory,
  slabCaches,
  shmem,
  hugepages,
  unevictable,
  memoryInProcesses,
  processesSmall,

  kills,
  requesterKilled,
  oldChoice,
  groupKill,
  allocatingTask,
  hogProtected,
  victimIsHog,
  impossibleScore,
  adjustment,
  uselessKill,
  victimSmall,
  noKill,

  firstSign,
  noSign,
  thrashing,
  reclaimGaveUp,
  forkStorm,
  restartLoop,
  lowMemory,
  panic,
  whileBooting,
  otherPanic,
  noVictim,

  hogUnknown,
  noReport,
  laterKills,
  severalReports,
  tableFiltered,
  suppressed,

  obsoleteAdvice,
  invoker,

  expectedVictim,
  selfConsistent,
  pageSizeAssumed,
]

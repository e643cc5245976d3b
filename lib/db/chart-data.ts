import type { ChartData } from '@/lib/charts/chart-model'
import type { TimeRange } from '@/lib/charts/time-scale'
import { listCgroupSeries } from '@/lib/db/cgroups'
import { listProcessSeries } from '@/lib/db/processes'
import { listDrawnSamples } from '@/lib/db/series'

/** An agent tells the 12 largest processes and up to 40 control groups an instant. */
const MOST_PROCESSES = 40
const MOST_CGROUPS = 100

/** Lists are kept as they were sent: a longer range would have to read millions of entries. */
const LISTED_SPAN_MS = 26 * 3_600_000

/** Everything that the charts of a range draw. */
export async function readChartData(hostId: string, range: TimeRange): Promise<ChartData> {
  const areListsLeftOut = range.to - range.from > LISTED_SPAN_MS
  const [samples, processes, cgroups] = await Promise.all([
    listDrawnSamples(hostId, range),
    areListsLeftOut ? null : listProcessSeries(hostId, range, { top: MOST_PROCESSES }),
    areListsLeftOut ? null : listCgroupSeries(hostId, range, { top: MOST_CGROUPS }),
  ])
  return { ...samples, processes, cgroups, areListsLeftOut }
}

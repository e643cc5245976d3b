import type { ChartData } from '@/lib/charts/chart-model'
import type { TimeRange } from '@/lib/charts/time-scale'
import { listCgroupSeries } from '@/lib/db/cgroups'
import { listProcessSeries } from '@/lib/db/processes'
import { listDrawnSamples } from '@/lib/db/series'

/** An agent tells the 12 largest processes and up to 40 control groups an instant. */
const MOST_PROCESSES = 40
const MOST_CGROUPS = 100

/** Everything that the charts of a range draw. */
export async function readChartData(hostId: string, range: TimeRange): Promise<ChartData> {
  const [samples, processes, cgroups] = await Promise.all([
    listDrawnSamples(hostId, range),
    listProcessSeries(hostId, range, { top: MOST_PROCESSES }),
    listCgroupSeries(hostId, range, { top: MOST_CGROUPS }),
  ])
  return { ...samples, processes, cgroups }
}

import { writeFileSync } from 'node:fs'
import { expect, vi } from 'vitest'
import { findHost } from '@/lib/db/hosts'
import { newId } from '@/lib/db/ids'
import { findIncident } from '@/lib/db/incidents'
import { listSamples } from '@/lib/db/samples'
import { growUntilKilled, obstacleToKilling } from '@/lib/testing/small-cgroup'
import { freePort, incidentsOf, LiveServer, live, missing, Sender } from '@/server/live/trial'

const PATIENCE = { timeout: 30_000, interval: 200 }

live(
  'a real kill, told by curl line by line and counted by Prometheus, is one incident with its report and its curve',
  obstacleToKilling() ?? missing('curl', 'unshare', 'prometheus', 'prometheus-node-exporter'),
  async () => {
    const host = `live-${newId().toLowerCase()}`
    const server = await LiveServer.open()
    const sender = new Sender()
    try {
      const exporter = `127.0.0.1:${await freePort()}`
      const collectors = ['meminfo', 'vmstat', 'uname'].map((name) => `--collector.${name}`)
      await sender.startAsHost(host, 'prometheus-node-exporter', [
        `--web.listen-address=${exporter}`,
        '--collector.disable-defaults',
        ...collectors,
      ])
      const scrape = `  - { job_name: node, static_configs: [{ targets: ["${exporter}"] }] }`
      const configuration = ['global: { scrape_interval: 1s }', 'scrape_configs:', scrape]
      sender.write('prometheus.yml', `${[...configuration, server.configurationOf('Prometheus')].join('\n')}\n`)
      sender.start('prometheus', [
        `--config.file=${sender.file('prometheus.yml')}`,
        `--storage.tsdb.path=${sender.file('tsdb')}`,
        `--web.listen-address=127.0.0.1:${await freePort()}`,
      ])
      sender.start('sh', ['-c', `hostname() { echo ${host}; }\n${server.configurationOf('curl')}`])
      const samples = async () => {
        const found = await findHost(host)
        return found ? listSamples(found.id, { from: Date.now() - 120_000, to: Date.now() + 10_000 }) : []
      }
      await vi.waitFor(async () => {
        writeFileSync('/dev/kmsg', 'oomscope listens')
        expect(server.answered.map(({ path }) => path)).toContain('/api/ingest/text')
        expect((await samples()).length, sender.words).toBeGreaterThan(0)
      }, PATIENCE)

      const { signal, at } = await growUntilKilled()
      expect(signal).toBe('SIGKILL')

      await vi.waitFor(async () => {
        // The machine may see other kills meanwhile.
        const incidents = await incidentsOf(host)
        const ours = incidents.filter(({ killTimes }) => killTimes.some((time) => Math.abs(time - at) < 2_000))
        expect(ours, sender.words).toHaveLength(1)
        const incident = await findIncident(ours[0]?.id ?? '')
        expect(incident?.class).toBe('cgroup-limit')
        expect(incident?.kills.filter(({ comm }) => comm === 'sh')).toHaveLength(1)
        const around = (await samples()).filter((sample) => Math.abs(sample.at - at) < 10_000)
        expect(around.some(({ memAvailable }) => memAvailable != null)).toBe(true)
        expect(around.some(({ oomKills }) => (oomKills ?? 0) > 0)).toBe(true)
      }, PATIENCE)
    } finally {
      await sender.end()
      await server.close()
    }
  },
)

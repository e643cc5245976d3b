import { expect, test } from 'vitest'
import { renderPrometheusText } from '@/lib/http/prometheus-text'

test('a family has its help, its type and a line a value; one without values is left out', () => {
  const families = [
    {
      name: 'kills_total',
      help: 'Kills.',
      type: 'counter' as const,
      samples: [{ labels: { host: 'db-1' }, value: 2 }],
    },
    { name: 'waiting', help: 'Uploads.', type: 'gauge' as const, samples: [{ value: 0 }] },
    { name: 'empty', help: 'Nothing.', type: 'gauge' as const, samples: [] },
  ]
  expect(renderPrometheusText(families)).toBe(
    `# HELP kills_total Kills.\n# TYPE kills_total counter\nkills_total{host="db-1"} 2\n# HELP waiting Uploads.\n# TYPE waiting gauge\nwaiting 0\n`,
  )
})

test('no name of a program ends a label', () => {
  const samples = [{ labels: { comm: 'a"}\n\\x' }, value: 1 }]
  expect(renderPrometheusText([{ name: 'm', help: 'h', type: 'gauge', samples }])).toContain(
    'm{comm="a\\"}\\n\\\\x"} 1\n',
  )
})

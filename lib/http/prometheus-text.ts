/** One metric with its values, as a Prometheus server reads it. */
export interface MetricFamily {
  name: string
  help: string
  type: 'counter' | 'gauge'
  samples: { labels?: Readonly<Record<string, string>>; value: number }[]
}

export const PROMETHEUS_TEXT_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

/**
 * The text format of Prometheus, families in the order given; one without samples is left out.
 *
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function renderPrometheusText(families: readonly MetricFamily[]): string {
  return families
    .filter(({ samples }) => samples.length > 0)
    .map(({ name, help, type, samples }) => {
      const lines = samples.map(({ labels, value }) => `${name}${renderLabels(labels ?? {})} ${value}`)
      return [`# HELP ${name} ${escapeHelp(help)}`, `# TYPE ${name} ${type}`, ...lines, ''].join('\n')
    })
    .join('')
}

function renderLabels(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeValue(value)}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
}

/** Names of programs come from logs: anything may stand in them. */
function escapeValue(text: string): string {
  return escapeHelp(text).replaceAll('"', '\\"')
}

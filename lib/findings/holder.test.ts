import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { explainFile } from '@/lib/analysis/explain-file'
import { analyzeText } from '@/lib/analysis/file-reader'
import { describeHolder } from '@/lib/findings/holder'
import { sayMessage } from '@/lib/text/say'

function holderOf(name: string) {
  const text = readFileSync(join(import.meta.dirname, 'fixtures', `${name}.log`), 'utf8')
  const hints = { name, host: null, zone: 'UTC', year: 2026, modifiedAt: null, receivedAt: null }
  const [incident] = explainFile(analyzeText(text, hints))
  if (!incident) throw new Error(`no incident in ${name}`)
  const { answer, why, isNamed, isAskedFor } = describeHolder(incident.facts, incident.explanation)
  const say = (said: typeof answer) => sayMessage(said).replaceAll('\u00a0', ' ')
  return { answer: isNamed ? incident.explanation.hog?.comm : say(answer), why: say(why), isAskedFor }
}

test.each([
  ['fork-storm', 'convert', '86.6 % of RAM, named by the process table of the report.', false],
  [
    'seed-mail-2007',
    'Not in this log',
    'There is no process table in this log. Collect one while memory is short:',
    true,
  ],
  ['no-single-holder', 'No single program', 'The process table names no program that stands out.', false],
  [
    'slab-leak',
    'The kernel’s own slab held 79.6 % of RAM.',
    'It was no program, so ending one does not give it back.',
    false,
  ],
  [
    'page-cache-fills-group',
    'Page cache filled the cgroup.',
    'It was no program, so ending one does not give it back.',
    false,
  ],
  [
    'fragmentation-order-2',
    'Not the question here',
    'Memory was free, but not in one piece of the size asked for.',
    false,
  ],
  ['asked-for-by-hand', 'Not the question here', 'It was asked for by hand, not for want of memory.', false],
])('%s', (name, answer, why, isAskedFor) => {
  expect(holderOf(name)).toEqual({ answer, why, isAskedFor })
})

/** What could have been seen before: findings, rows of the timeline, states of a host, and when memory runs out. */
export const SIGNS = {
  'first-sign': 'The first sign came at {at:time}, {lead:duration} before the first kill.',
  'first-sign.report': 'The first sign came at {at:time}, {lead:duration} before the report.',
  'first-sign.samples':
    '[{available:share} of memory was available then. ][{swap:share} of the swap was free. ][{swapIn:size} a second came back from swap. ][Some program waited for memory {pressure:share} of the time. ][At that rate nothing would have been left in {falling:duration}. ][It was tight from {tightAt:time}, {tightLead:duration} before.]',
  'first-sign.samples-cut':
    'It was so from the first sample on; what came before was not measured. [{available:share} of memory was available then. ][{swap:share} of the swap was free. ][{swapIn:size} a second came back from swap. ][Some program waited for memory {pressure:share} of the time. ][It was tight from {tightAt:time}, {tightLead:duration} before.]',
  'first-sign.log': '“{text}”[ The samples show it tight from {tightAt:time}, {tightLead:duration} before.]',
  'first-sign.group':
    '[By its samples the group used {used:share} of its limit then. ][At that rate nothing would have been left in {falling:duration}. ][It was tight from {tightAt:time}, {tightLead:duration} before.]',
  'first-sign.group-cut':
    'It was so from the first sample on; what came before was not measured. [The group used {used:share} of its limit. ][It was tight from {tightAt:time}, {tightLead:duration} before.]',
  'no-sign': 'The samples show no sign before it.',
  'no-sign.detail':
    'In the last one, {before:duration} before, {available:share} of memory was available[ and {swap:share} of the swap was free].',

  'timeline.standing.watch': 'Memory got short',
  'timeline.standing.tight': 'Memory was tight',
  'timeline.standing.critical': 'Memory was nearly used up',
  'timeline.standing.ok': 'Memory was back',
  'timeline.group.watch': 'The group came near its limit',
  'timeline.group.tight': 'The group had little left',
  'timeline.group.critical': 'The group had nearly reached its limit',
  'timeline.group.ok': 'The group had room again',
  'timeline.group.detail':
    '[{used:share} of its limit used. ][At this rate nothing left in {falling:duration}. ]By the samples.',
  'timeline.standing.detail':
    '[{available:share} of memory available. ][{swap:share} of the swap free. ][{swapIn:size} a second back from swap. ][Pressure {pressure:share}. ][At this rate nothing left in {falling:duration}. ]By the samples.',

  'state.critical': 'Critical',
  'state.tight': 'Tight',
  'state.watch': 'Watch',
  'state.silent': 'Silent',
  'state.ok': 'OK',
  'state.unknown': 'No samples',
  'sign.available': '{value:share} available',
  'sign.pressure': 'pressure {value:share}',
  'sign.full-pressure': 'full pressure {value:share}',
  'sign.swap': '{value:share} of swap free',
  'sign.no-swap': 'no swap',
  'sign.swap-in': '{value:size}/s from swap',
  'sign.falling': 'falling fast',
  'sign.committed': '{value:share} of memory promised',
  'sign.stalls': '{value:count} stalls/s',
  exhaustion: 'runs out of memory in {soonest:duration} to {latest:duration} if it goes on like this',
  'exhaustion.none': 'no steady trend',
} as const

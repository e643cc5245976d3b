/**
 * Beginnings of month names in the languages that `date` and `sar` print, in small letters. Names that mean different
 * months in different languages (lipiec and lipanj, listopad, srpen and srpanj) stand with the ending that tells them
 * apart; `lis` and `lip` are Polish, since Croatian dates have the names in full.
 */
const MONTHS: [RegExp, number][] = [
  [/^(jan|ene|gen|ian|янв|січ|ιαν|oca|led|sty|sij)/, 1],
  [/^(feb|fev|fév|фев|лют|φεβ|şub|úno|lut|velj)/, 2],
  [/^(mar|mär|mrz|maa|mrt|már|мар|бер|μαρ|bře|ožu)/, 3],
  [/^(apr|avr|abr|ápr|апр|кві|απρ|nis|dub|kwi)/, 4],
  [/^(may|mai|mag|maj|mei|máj|май|мая|тра|μαΐ|μαϊ|kvě|svi)/, 5],
  [/^(jun|juin|giu|iun|jún|июн|юни|чер|ιουν|haz|čvn|červn|cze)/, 6],
  [/^(jul|juil|lug|iul|júl|июл|юли|лип|ιουλ|tem|lipca|lip$|čvc|červenc)/, 7],
  [/^(aug|aou|aoû|ago|agu|avg|авг|серп|сер|αυγ|ağu|sie|srpna)/, 8],
  [/^(sep|set|szept|сен|вер|σεπ|eyl|zář|wrz|ruj)/, 9],
  [/^(oct|okt|out|ott|окт|жов|οκτ|eki|říj|paź)/, 10],
  [/^(nov|noi|лис|ноя|ное|نوف|νοε|kas|stu|lis$|listopadu)/, 11],
  [/^(dec|dez|dic|déc|des|дек|гру|δεκ|ara|pro|gru)/, 12],
]

/** 1 to 12 from a month's name or its abbreviation; null for every other word. */
export function parseMonth(name: string): number | null {
  const lower = name.toLowerCase()
  return MONTHS.find(([pattern]) => pattern.test(lower))?.[1] ?? null
}

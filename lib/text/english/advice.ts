export const ADVICE = {} as const

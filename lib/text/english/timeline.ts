export const TIMELINE = {} as const

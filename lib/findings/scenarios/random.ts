/** Numbers that look random and are the same for the same seed. */
export interface Random {
  /** 0 <= n < 1 */
  next(): number
  between(from: number, to: number): number
  /** Both ends included. */
  whole(from: number, to: number): number
  pick<T>(choices: readonly [T, ...T[]]): T
}

/** mulberry32: 32 bits of state, good enough for made-up machines. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const between = (from: number, to: number) => from + next() * (to - from)
  const whole = (from: number, to: number) => Math.floor(between(from, to + 1))
  return { next, between, whole, pick: (choices) => choices[whole(0, choices.length - 1)] ?? choices[0] }
}

/** Numbers, choices and ids from a seed. */
export interface Chance {
  /** Uniform in [0, 1). */
  fraction(): number
  pick<T>(items: readonly T[]): T
  /** A UUID (version 7) of that time, in microseconds. */
  id(time: number): string
}

/** The same numbers for the same seed (splitmix32). */
export function chance(seed: number): Chance {
  let state = Math.imul(seed + 1, 0x9e3779b1) >>> 0
  const next = () => {
    state = (state + 0x9e3779b9) >>> 0
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return (mixed ^ (mixed >>> 15)) >>> 0
  }
  const hex = (digits: number) => next().toString(16).padStart(8, '0').slice(0, digits)
  return {
    fraction: () => next() / 4_294_967_296,
    pick: (items) => items[next() % items.length] as (typeof items)[number],
    id: (time) => {
      const stamp = Math.floor(time / 1000)
        .toString(16)
        .padStart(12, '0')
      return `${stamp.slice(0, 8)}-${stamp.slice(8)}-7${hex(3)}-8${hex(3)}-${hex(4)}${hex(8)}`
    },
  }
}

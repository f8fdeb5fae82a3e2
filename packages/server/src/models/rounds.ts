/**
 * Indexes of `keys` in rounds: each key comes once in a round, and its repetitions in the order given, a round
 * each. What changes the same thing twice can so be done many at a time.
 */
export function inRounds(keys: readonly string[]): number[][] {
  const rounds: number[][] = []
  const seen = new Map<string, number>()
  for (const [index, key] of keys.entries()) {
    const round = seen.get(key) ?? 0
    seen.set(key, round + 1)
    ;(rounds[round] ??= []).push(index)
  }
  return rounds
}

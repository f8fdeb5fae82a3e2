import { seededRandom } from './test-context.ts'

/** Choices that follow from a seed. */
export class Chance {
  readonly next: () => number

  constructor(seed: number) {
    this.next = seededRandom(seed)
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit)
  }

  in(share: number): boolean {
    return this.next() < share
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T
  }
}

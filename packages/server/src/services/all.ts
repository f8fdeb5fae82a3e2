import type { Service } from './service.ts'

/** Everything that acts by the clock. */
export const SERVICES: readonly Service[] = []

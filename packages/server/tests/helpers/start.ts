import type { Timestamp } from '@reeve/schemas/time'

/** 2026-01-01T00:00:00Z */
export const START: Timestamp = 1_767_225_600_000_000

import { definePolicy } from '../policy.ts'
import { addUnknownResult } from '../rules/add-unknown-result.ts'
import { releaseTagSlots } from '../rules/release-tag-slots.ts'
import type { TaskFacts } from '../types.ts'
import { taskTransforms } from './global-transforms.ts'

/** What holds for a task run even by force. */
export const minimalTaskPolicy = definePolicy<TaskFacts>(
  'minimal-task',
  { '3.8': [releaseTagSlots], '2.20': [releaseTagSlots, addUnknownResult] },
  taskTransforms,
)

import type { SlotAnswer } from '../../models/slots.ts'
import { refuse } from '../answer.ts'
import type { Answer } from '../answer.ts'

/** Why slots were not taken. Clients read `Retry-After` of a 423 without looking whether it is there. */
export function slotsRefused(answer: Exclude<SlotAnswer, { outcome: 'taken' }>): Answer {
  switch (answer.outcome) {
    case 'too many':
      return refuse(422, 'Slots requested is greater than the limit')
    case 'no decay': {
      const names = answer.names.map((name) => `'${name}'`).join(', ')
      return refuse(
        422,
        `Only limits whose slots decay can serve as rate limits. No decay is configured for: ${names}`,
      )
    }
    case 'full':
      return { ...refuse(423, 'Locked'), headers: { 'retry-after': String(answer.retryAfterSeconds) } }
  }
}

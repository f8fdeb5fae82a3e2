import type { Timestamp } from '@reeve/schemas/time'
import type { Context } from '../context.ts'
import type { Session } from '../database/session.ts'

/** Something that acts by the clock; one call is one pass. */
export interface Service {
  name: string
  /** seconds between the end of one pass and the start of the next */
  every: number
  /** Returns how many things it changed. */
  run(context: Context, now: Timestamp): Promise<number>
  /** When the next pass has something to do, as far as that is known now; for clocks that skip time. */
  due?(session: Session): Promise<Timestamp | undefined>
}

import { defaultStateName } from '@reeve/schemas/state-type'
import type { StateType } from '@reeve/schemas/state-type'
import type { Effect } from './effects.ts'
import type { Facts } from './rule.ts'
import type { Decision, ResponseDetails, State } from './types.ts'

const ACCEPTED: ResponseDetails = Object.freeze({ type: 'accept_details' })

/** One attempt to change the state of a run: what rules read, and the only thing they write to. */
export class Transition<F extends Facts> {
  readonly facts: F
  readonly current: State | null
  /** What the client asked for, untouched. */
  readonly request: State
  /** A copy of the run; fields that rules move here become the decision's patch. */
  readonly run: F['run']
  /** What is to be written; null once a rule decided that nothing is. */
  proposed: State | null
  status: Decision<unknown>['status'] = 'ACCEPT'
  details: ResponseDetails = ACCEPTED
  effects: Effect[] = []

  constructor(facts: F, request: State) {
    this.facts = facts
    this.current = facts.current
    this.request = request
    this.run = { ...facts.run }
    this.proposed = { ...request, state_details: { ...request.state_details } }
  }

  /** Puts another state in place of the proposed one. */
  reject(state: State, reason: string): void {
    this.proposed = state
    this.status = 'REJECT'
    this.details = { type: 'reject_details', reason }
  }

  /** Refuses: the run keeps its present state; a run without one has nothing to keep, so it aborts. */
  keep(reason: string): void {
    if (this.current === null) return this.abort(reason)
    this.proposed = null
    this.status = 'REJECT'
    this.details = { type: 'reject_details', reason }
  }

  wait(seconds: number, reason: string): void {
    this.proposed = null
    this.status = 'WAIT'
    this.details = { type: 'wait_details', delay_seconds: seconds, reason }
  }

  abort(reason: string): void {
    this.proposed = null
    this.status = 'ABORT'
    this.details = { type: 'abort_details', reason }
  }

  /** A state to reject with: it takes the identity of the request, and a time that is not before it. */
  replacement(
    type: StateType,
    fields: Partial<Pick<State, 'name' | 'message' | 'data' | 'state_details'>> = {},
  ): State {
    return {
      id: this.request.id,
      type,
      name: fields.name ?? defaultStateName(type),
      timestamp: Math.max(this.facts.now, this.request.timestamp),
      message: fields.message ?? null,
      data: fields.data ?? null,
      state_details: { ...fields.state_details },
    }
  }

  /** Slots are taken together with the write of the state, so to forget the effect is to return them. */
  dropTakenSlots(): void {
    this.effects = this.effects.filter((effect) => effect.type !== 'take-slots')
  }
}

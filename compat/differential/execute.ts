import { Meanings } from './fill.ts'
import { Normaliser } from './normalise.ts'
import type { Answer } from './normalise.ts'
import type { Operation } from './operation.ts'

/** Sends a request, without tokens, and returns what came back. */
export type Send = (method: string, path: string, body?: unknown) => Promise<Answer>

/** One execution of a sequence on one server. */
export class Execution {
  private readonly send: Send
  private readonly meanings: Meanings
  private readonly normaliser: Normaliser

  /** `start` in milliseconds since the epoch, by the server's clock. */
  constructor(send: Send, version: string, scope: string, start: number) {
    this.send = send
    this.meanings = new Meanings(scope, start)
    this.normaliser = new Normaliser(this.meanings, version)
  }

  /** The normalised answer to the next operation. */
  async perform(operation: Operation): Promise<Answer> {
    const path = this.meanings.text(operation.path)
    const answer = await this.send(operation.method, path, this.meanings.fill(operation.body))
    for (const [role, place] of Object.entries(operation.makes ?? {})) {
      const id = place.split('.').reduce<any>((value, key) => value?.[key], answer.body)
      if (typeof id === 'string') this.meanings.learn(role, id)
    }
    return this.normaliser.answer(operation, answer)
  }

  /** Takes away what later sequences would see. */
  async leave(): Promise<void> {
    const { scope } = this.meanings
    for (const path of ['l1-', 'l2-', 'l3-'].map((name) => `/v2/concurrency_limits/${name}${scope}`)) {
      await this.send('DELETE', path)
    }
    for (const tag of [scope, `t2-${scope}`]) await this.send('DELETE', `/concurrency_limits/tag/${tag}`)
  }
}

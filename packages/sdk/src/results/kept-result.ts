import type { State } from '../engine/state.ts'
import { isReference, readResult } from './reference.ts'
import type { ResultPolicy } from './result-policy.ts'

/** The run has completed, but what it returned is not where this process looks for it. */
export class MissingResultError extends Error {
  override readonly name = 'MissingResultError'
}

/** What a run that another process carried out returned. Throws its failure, or MissingResultError; `run` names it. */
export async function keptResult<T>(run: string, state: State<T>, results: ResultPolicy): Promise<T> {
  if (!state.isCompleted) return state.result()
  const found = await readResult(results, state.stored)
  if (found) return found.value as T
  throw new MissingResultError(`${run} has completed, but ${describeMissing(state.stored, results)}`)
}

function describeMissing(stored: unknown, { storage, serializer }: ResultPolicy): string {
  if (!isReference(stored)) return 'its result was not kept: persistResult is off where it ran.'
  if (stored.serializer.type !== serializer.type)
    return `its result was written by the serializer '${stored.serializer.type}', and '${serializer.type}' is to read it.`
  return (
    `its result '${stored.storage_key}' is not in the ${storage.type} storage of this process. ` +
    'Give it a resultStorage that both sides share.'
  )
}

import type { ResultReference } from '../results/reference.ts'

/** What is done with a completed task run that the flow's code, as it is now, would have run otherwise. */
export type ChangedSteps = 'fail' | 'rerun' | 'reuse'

/** A step that was completed is not the step that the code asks for now: its inputs or its code are others. */
export class ChangedStepError extends Error {
  override readonly name = 'ChangedStepError'

  constructor(run: string, what: 'code' | 'inputs') {
    super(
      what === 'code'
        ? `'${run}' was completed by other code than it has now. Finish this flow run with the code that began ` +
            'it, give the task a `version` and leave that as it is while its results stay good, or say what to ' +
            "do with `changedSteps: 'reuse'` or `'rerun'` in the flow's options."
        : `'${run}' was completed with other inputs than it is called with now: calls of the same name were ` +
            'added, left out or put in another order, or an input is not the same each time. Give such calls a ' +
            "`key` of their own, take values that change from a step, or set `changedSteps: 'rerun'` in the " +
            "flow's options.",
    )
  }
}

/** What is not as it was when the result was made; undefined for a result that may be taken over. */
export function whatChanged(
  reference: ResultReference,
  now: { code: string; inputsHash: string | null },
): 'code' | 'inputs' | undefined {
  // Results of earlier versions of this library do not tell.
  if (reference.inputs_hash && reference.inputs_hash !== now.inputsHash) return 'inputs'
  return reference.code && reference.code !== now.code ? 'code' : undefined
}

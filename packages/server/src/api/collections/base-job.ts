import type { JsonObject } from '@reeve/schemas/json'

/** A job as work pools describe it: a configuration, and the variables that its templates may use. */
export interface BaseJob {
  job_configuration: JsonObject
  variables: JsonObject
}

/** A variable that is read as `{{ name }}`. */
export type Variables = { readonly [name: string]: JsonObject }

const texts = { type: 'object', additionalProperties: { type: 'string' } }

/** What every kind of worker lets a job set. */
export const COMMON_VARIABLES: Variables = {
  name: { type: 'string', title: 'Name', description: 'How the infrastructure of the run is called.' },
  env: {
    ...texts,
    title: 'Environment Variables',
    description: 'Set for the process that executes the run.',
  },
  labels: { ...texts, title: 'Labels', description: 'Put on the infrastructure of the run.' },
  command: {
    type: 'string',
    title: 'Command',
    description: 'Executes the run. Without it the worker uses its own, which is nearly always right.',
  },
}

/** A job whose configuration is the value of each variable, unless `configuration` says otherwise. */
export function baseJob(variables: Variables, configuration?: JsonObject, definitions?: JsonObject): BaseJob {
  const whole = Object.keys(variables).map((name) => [name, `{{ ${name} }}`])
  return {
    job_configuration: configuration ?? (Object.fromEntries(whole) as JsonObject),
    variables: { type: 'object', properties: { ...variables }, ...(definitions && { definitions }) },
  }
}

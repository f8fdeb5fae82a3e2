/**
 * Records what the real servers answer to every proposal in every situation:
 *
 *     node compat/matrix/record.ts [--client 3.8.8] [--situation <part of its name>] [--api-url http://host:port/api]
 *
 * writes `compat/recordings/matrix-<version>.json` (with --situation, only those are recorded anew):
 *
 *     {
 *       "version": "3.8.8",
 *       "proposals":  { <name>: <state template> },              the bodies proposed (grid.ts: StateTemplate)
 *       "situations": { <name>: { ...Situation, "before": R } },  how the run was put there, and the run then
 *       "answers": [ {
 *         "situation": <name>, "proposal": <name>, "force": bool,
 *         "http_status": 201,
 *         "status": "ACCEPT"|"REJECT"|"WAIT"|"ABORT",   absent for creations and for HTTP errors
 *         "details": "accept_details" | ...,
 *         "delay_seconds": number | "<short>",          WAIT only; >= 60 is rounded to tens
 *         "state": { "written": bool,                    false: the state the run had before (kept)
 *                    "type", "name", "message", "data",
 *                    "details": { only keys that are neither null nor false } } | null,
 *         "changed": { run fields of R that differ afterwards }
 *       } ]
 *     }
 *
 * A situation walks `path` after the run was created (in `first_state`, or without a state and so Pending): each step
 * is a set_state, with force=true unless the step says `"force": false`. `created: true` means that the proposal is the state in the body
 * that creates the run; `before` is then null and `changed` holds the whole run.
 *
 * R, a run: state_type, state_name, run_count, flow_run_run_count (task runs), start_time and end_time (null | "set";
 * in `changed` also "moved"), expected_start_time and next_scheduled_start_time (null | "past" | "now" | "future",
 * five seconds either side count as now), resuming, retry_type, pause_keys (flow run policy), slots (in use of the
 * deployment's or tag's limit, where there is one), parent_task ("<type> <name>" of a subflow's tracking task run).
 * Messages: "proposed" and "held" are the texts of the proposal and of the path; "<text>" is one the server made.
 * Ids: "this run", "parent", "parent task", "unique" or "<id>".
 * Status 500 is recorded as it came (replay.ts does not hold our server to it).
 */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { databases } from '../databases.ts'
import { generations } from '../generation.ts'
import type { Generation } from '../generation.ts'
import { startReferenceServer } from '../reference-server.ts'
import { Rest } from '../rest.ts'
import { Executor } from './execute.ts'
import type { Outcome } from './execute.ts'
import { proposals, situationsOf } from './grid.ts'
import type { Situation, StateTemplate } from './grid.ts'
import { matrixPath, readMatrix } from './recording.ts'
import type { Matrix, MatrixAnswer } from './recording.ts'

const { values } = parseArgs({
  options: { client: { type: 'string' }, situation: { type: 'string' }, 'api-url': { type: 'string' } },
})

const TRIES = 5

async function record(generation: Generation, apiUrl: string): Promise<Matrix> {
  const executor = new Executor(new Rest(apiUrl, generation.headers))
  const matrix: Matrix = { version: generation.version, proposals, situations: {}, answers: [] }
  const kept = values.situation === undefined ? matrix : readMatrix(generation.version)
  for (const [name, situation] of Object.entries(situationsOf(generation.version))) {
    const earlier = kept.situations[name]
    if (earlier && !name.includes(values.situation ?? '')) {
      matrix.situations[name] = earlier
      matrix.answers.push(...kept.answers.filter((answer) => answer.situation === name))
      continue
    }
    console.log(`${generation.version}  ${name}`)
    await recordSituation(executor, matrix, name, situation)
    writeFileSync(matrixPath(generation.version), print(matrix))
  }
  return matrix
}

async function recordSituation(executor: Executor, matrix: Matrix, name: string, situation: Situation) {
  let before: Outcome['before'] | undefined
  for (const force of situation.forced ? [false, true] : [false]) {
    for (const proposal of situation.proposals) {
      const template = proposals[proposal]
      if (!template) {
        throw new Error(`${name} proposes ${proposal}, which grid.ts does not define`)
      }
      const outcome = await attempt(executor, situation, template, force, before)
      before ??= outcome.before
      const { before: _, ...answer } = outcome
      matrix.answers.push({ situation: name, proposal, force, ...answer })
    }
  }
  matrix.situations[name] = { ...situation, before: before ?? null }
}

// On a machine that stalls for seconds "now" turns into "past": such a case is not the situation and is run again.
async function attempt(
  executor: Executor,
  situation: Situation,
  template: StateTemplate,
  force: boolean,
  before: Outcome['before'] | undefined,
): Promise<Outcome> {
  for (let tries = 1; ; tries++) {
    const outcome = await executor.run(situation, template, force)
    if (before === undefined || JSON.stringify(before) === JSON.stringify(outcome.before)) {
      return outcome
    }
    if (tries === TRIES) {
      throw new Error(`the situation came out differently: ${JSON.stringify(outcome.before)}`)
    }
  }
}

function print(matrix: Matrix): string {
  const entries = (table: Record<string, unknown>) =>
    Object.entries(table)
      .map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`)
      .join(',\n')
  const answers = matrix.answers.map((answer: MatrixAnswer) => JSON.stringify(answer)).join(',\n')
  return [
    `{"version": ${JSON.stringify(matrix.version)},`,
    `"proposals": {\n${entries(matrix.proposals)}\n},`,
    `"situations": {\n${entries(matrix.situations)}\n},`,
    `"answers": [\n${answers}\n]}\n`,
  ].join('\n')
}

// On SQLite the 3.8 server waits for itself when a task run wants a tag's slot, and answers 503 after a minute.
async function recordOnPostgres(generation: Generation): Promise<Matrix> {
  const database = await databases.postgres()
  try {
    const server = await startReferenceServer(generation, { services: false, database: database.location })
    try {
      return await record(generation, server.apiUrl)
    } finally {
      await server.stop()
    }
  } finally {
    await database.remove()
  }
}

for (const generation of generations.filter((each) => !values.client || each.version === values.client)) {
  const apiUrl = values['api-url']
  const matrix = apiUrl ? await record(generation, apiUrl) : await recordOnPostgres(generation)
  console.log(`${generation.version}: ${matrix.answers.length} answers`)
}

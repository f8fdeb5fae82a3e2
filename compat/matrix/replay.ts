import { differences } from '../diff.ts'
import type { Generation } from '../generation.ts'
import { Rest } from '../rest.ts'
import { Executor } from './execute.ts'
import { readMatrix } from './recording.ts'
import type { Matrix, MatrixAnswer } from './recording.ts'

/** How a server answered the whole matrix of a generation. */
export interface Replay {
  compared: number
  /** Answers the real server gave with status 500: ours may do better. */
  skipped: number
  /** One line a kind of difference, with the cases that show it. */
  differences: string[]
}

interface Difference {
  title: string
  line: string
}

const TRIES = 3
const TITLES = 3

/** Puts every recorded proposal to the server and compares what came of it; `parallel` cases at a time. */
export async function replayMatrix(generation: Generation, apiUrl: string, parallel = 8): Promise<Replay> {
  const matrix = readMatrix(generation.version)
  await new Rest(apiUrl, generation.headers).must('GET', '/health')
  const executor = new Executor(new Rest(apiUrl, generation.headers))
  const cases = matrix.answers.filter((answer) => answer.http_status < 500)
  const found: Difference[] = []
  let next = 0
  const work = async () => {
    for (let index = next++; index < cases.length; index = next++) {
      found.push(...(await compare(executor, matrix, cases[index] as MatrixAnswer)))
    }
  }
  await Promise.all(Array.from({ length: parallel }, work))
  return { compared: cases.length, skipped: matrix.answers.length - cases.length, differences: byKind(found) }
}

async function compare(executor: Executor, matrix: Matrix, recorded: MatrixAnswer): Promise<Difference[]> {
  const { situation: situationName, proposal: proposalName, force, ...answer } = recorded
  const situation = matrix.situations[situationName]
  const proposal = matrix.proposals[proposalName]
  if (!situation || !proposal) {
    throw new Error(`the recording does not hold ${situationName} or ${proposalName}`)
  }
  const title = `${situationName} → ${proposalName}${force ? ' (forced)' : ''}`
  const expected = { before: situation.before, ...answer }
  let found: string[] = []
  // Background services are at work on the server, and one may act on a run in the midst of its case: an overdue
  // pause fails, a late run turns Late. A case that is wrong every time is wrong.
  for (let tries = 0; tries < TRIES; tries++) {
    try {
      found = differences(expected, await executor.run(situation, proposal, force))
    } catch (error) {
      found = [(error as Error).message]
    }
    if (found.length === 0) {
      return []
    }
  }
  return found.map((line) => ({ title, line }))
}

// One fault shows in many cases: it is said once, with the first cases that show it.
function byKind(found: Difference[]): string[] {
  const kinds = Map.groupBy(found, ({ line }) => line)
  return [...kinds].map(([line, cases]) => {
    const more = cases.length > TITLES ? `, and ${cases.length - TITLES} more` : ''
    return `${line}\n  in ${cases
      .slice(0, TITLES)
      .map(({ title }) => title)
      .join(', ')}${more}`
  })
}

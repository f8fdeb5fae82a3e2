import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { databases } from './databases.ts'
import type { Generation } from './generation.ts'
import { startReferenceServer } from './reference-server.ts'

const REPOSITORY = join(import.meta.dirname, '..')

/** Tests of the SDK that ask nothing of a server which Prefect's does not have. */
const TESTS = ['background', 'serve', 'server'].map((name) => `packages/sdk/tests/${name}.test.ts`)

interface Results {
  numPassedTests: number
  testResults: {
    name: string
    message: string
    assertionResults: { status: string; fullName: string; failureMessages: string[] }[]
  }[]
}

/**
 * Runs tests of the TypeScript SDK against the real server of the generation, where the SDK has REST only; one line
 * for each that fails. The server is on PostgreSQL: on SQLite two writes at once can keep it waiting for a minute.
 */
export async function compareSdk(generation: Generation): Promise<string[]> {
  const database = await databases.postgres()
  try {
    const server = await startReferenceServer(generation, { database: database.location })
    try {
      return failures(await runTests(server.apiUrl))
    } finally {
      await server.stop()
    }
  } finally {
    await database.remove()
  }
}

async function runTests(apiUrl: string): Promise<Results> {
  const folder = await mkdtemp(join(tmpdir(), 'reeve-compat-sdk-'))
  const report = join(folder, 'report.json')
  const vitest = join(REPOSITORY, 'node_modules/vitest/vitest.mjs')
  try {
    const args = [vitest, 'run', '--reporter=json', `--outputFile=${report}`, ...TESTS]
    const child = spawn(process.execPath, args, {
      cwd: REPOSITORY,
      env: { ...process.env, REEVE_TEST_API_URL: apiUrl },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    await once(child, 'close')
    return JSON.parse(await readFile(report, 'utf8')) as Results
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function failures({ numPassedTests, testResults }: Results): string[] {
  const found = testResults.flatMap(({ name, message, assertionResults }) => [
    ...(message ? [`${name}: ${message}`] : []),
    ...assertionResults
      .filter(({ status }) => status === 'failed')
      .map(({ fullName, failureMessages }) => `${fullName}: ${failureMessages[0]?.split('\n')[0]}`),
  ])
  return numPassedTests === 0 ? [...found, 'no test passed'] : found
}

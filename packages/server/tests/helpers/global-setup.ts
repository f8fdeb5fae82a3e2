import type { TestProject } from 'vitest/node'
import pg from 'pg'
import { openPostgres } from '../../src/database/postgres.ts'
import { startPostgresServer } from './postgres-server.ts'
import { TEMPLATE } from './template-name.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    postgresUrl: string
  }
}

/** One PostgreSQL for the whole test run, with a migrated database from which tests clone their own. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startPostgresServer({ durable: false })
  const client = new pg.Client({ connectionString: server.url })
  await client.connect()
  await client.query(`create database ${TEMPLATE}`)
  await client.end()
  const template = new URL(server.url)
  template.pathname = `/${TEMPLATE}`
  await (await openPostgres(template.href)).close()
  project.provide('postgresUrl', server.url)
  return async () => {
    await server.stop()
    // The library behind the server ends the process with 0 whatever the tests said.
    const { exitCode } = process
    process.on('exit', () => {
      process.exitCode ||= exitCode
    })
  }
}

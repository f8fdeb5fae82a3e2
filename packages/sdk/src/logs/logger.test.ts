import { expect, test } from 'vitest'
import { runContext } from '../run-context.ts'
import { flow } from '../flow.ts'
import { withFakeApi } from '../../tests/helpers/fake-api.ts'
import { log, type Logger, makeLogger } from './logger.ts'

/** What the calls leave on the server. */
function logged(write: (logger: Logger) => void, logger = log): Promise<string[]> {
  return withFakeApi(async (api) => {
    const id = await flow(
      async () => {
        write(logger)
        return runContext().flowRun!.id
      },
      { name: 'f' },
    )()
    await new Promise((resolve) => setImmediate(resolve))
    return api.logs
      .filter(({ flow_run_id, message }) => flow_run_id === id && !message.startsWith('Flow run'))
      .map(({ message }) => message)
      .filter((message) => !message.startsWith('View at'))
  })
}

test('a message and fields', async () => {
  const lines = await logged((logger) => {
    logger.info('loaded', { rows: 3, from: 'a b' })
    logger.info('100% sure')
    logger.warn({ rows: 3 })
  })
  expect(lines).toEqual(["loaded rows=3 from='a b'", '100% sure', '{ rows: 3 }'])
})

test('calls of pino: fields first, placeholders, children, an error', async () => {
  const lines = await logged((logger) => {
    logger.info({ rows: 3 }, 'loaded')
    logger.info('%s has %d rows', 'orders', 3)
    logger.info({ day: 1 }, 'loaded %s', 'orders')
    logger.child({ job: 7 }).fatal('over', { by: 'ada' })
    logger.error(new Error('broken'), 'cannot load')
    logger.info('plain', 'extra')
  }, makeLogger('library'))
  expect(lines.slice(0, 4)).toEqual([
    'loaded rows=3',
    'orders has 3 rows',
    'loaded orders day=1',
    'over job=7 by=ada',
  ])
  expect(lines[4]).toMatch(/^cannot load err=Error: broken\n/)
  expect(lines[5]).toBe('plain extra')
})

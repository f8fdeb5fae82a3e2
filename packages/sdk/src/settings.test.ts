import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readSettings } from './settings.ts'

test('names that begin with REEVE_ win over those of Prefect, which work too', () => {
  const prefect = { PREFECT_API_URL: 'http://prefect.example/api', PREFECT_API_KEY: 'theirs' }
  expect(readSettings(prefect)).toMatchObject({ apiUrl: 'http://prefect.example/api', apiKey: 'theirs' })
  const both = { ...prefect, REEVE_API_URL: 'http://reeve.example/api', REEVE_API_KEY: '' }
  expect(readSettings(both)).toMatchObject({ apiUrl: 'http://reeve.example/api', apiKey: 'theirs' })
})

test.each(['0', 'false', 'No', 'OFF'])('%s switches off', (value) => {
  expect(readSettings({ REEVE_LOGGING_TO_API_ENABLED: value }).logsToApi).toBe(false)
})

test('anything else switches on, and nothing leaves the default', () => {
  expect(readSettings({ REEVE_LOGGING_LOG_PRINTS: '1', REEVE_LOGGING_TO_API_ENABLED: 'yes' })).toMatchObject({
    logPrints: true,
    logsToApi: true,
  })
  expect(readSettings({})).toMatchObject({ logPrints: false, logsToApi: true, logLevel: 20 })
})

test('what is no number of seconds is refused by its name', () => {
  expect(readSettings({ REEVE_CANCEL_POLL_SECONDS: '0.5' }).cancelPollSeconds).toBe(0.5)
  for (const value of ['soon', '-1', 'Infinity'])
    expect(() => readSettings({ REEVE_CANCEL_POLL_SECONDS: value })).toThrow('REEVE_CANCEL_POLL_SECONDS')
})

test('a level that does not exist is refused by its name', () => {
  expect(readSettings({ PREFECT_LOGGING_LEVEL: 'warning' }).logLevel).toBe(30)
  expect(() => readSettings({ REEVE_LOGGING_LEVEL: 'LOUD' })).toThrow(
    "REEVE_LOGGING_LEVEL must be one of TRACE, DEBUG, INFO, WARN, WARNING, ERROR, CRITICAL, FATAL; it is 'LOUD'",
  )
})

test('pages are beside the API unless somebody says otherwise', () => {
  const guessed = readSettings({ REEVE_API_URL: 'http://reeve.example/api/' })
  expect(guessed).toMatchObject({ uiUrl: 'http://reeve.example', uiUrlIsGiven: false })
  const given = readSettings({ REEVE_API_URL: 'http://reeve.example/api', REEVE_UI_URL: 'http://ui.example' })
  expect(given).toMatchObject({ uiUrl: 'http://ui.example', uiUrlIsGiven: true })
})

test('the home is in the project around the working folder', async () => {
  const project = await mkdtemp(join(tmpdir(), 'reeve-project-'))
  onTestFinished(() => rm(project, { recursive: true }))
  const inside = join(project, 'src/flows')
  await mkdir(inside, { recursive: true })
  await writeFile(join(project, 'package.json'), '{}')
  expect(readSettings({}, inside).home).toBe(join(project, '.reeve'))
  expect(readSettings({ REEVE_HOME: '/elsewhere' }, inside).home).toBe('/elsewhere')
})

test.each(['localhost:4200', 'not an address', 'ftp://server/api'])(
  'an address that cannot be a server is refused by the name of its variable: %s',
  (address) => {
    expect(() => readSettings({ PREFECT_API_URL: address })).toThrow(
      `PREFECT_API_URL must be an address such as http://127.0.0.1:4200/api; it is '${address}'`,
    )
    expect(() => readSettings({ REEVE_API_URL: address })).toThrow('REEVE_API_URL must be')
  },
)

test('a server may be anywhere', () => {
  expect(readSettings({ REEVE_API_URL: 'https://host/prefix/api/' }).apiUrl).toBe('https://host/prefix/api/')
})

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { loadSettings } from './settings-sources.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'reeve-settings-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const file = (text: string) => {
  const path = join(folder, 'reeve.toml')
  writeFileSync(path, text)
  return path
}

test('defaults hold where nothing is said', () => {
  expect(loadSettings({}, {}, file(''))).toMatchObject({ host: '127.0.0.1', port: 4200, services: true })
})

test('a flag wins over the environment, and the environment over the file', () => {
  const path = file('port = 1\nhost = "h1"\ndatabase = "d1"')
  const env = { REEVE_PORT: '2', REEVE_SERVER_HOST: 'h2' }
  expect(loadSettings({ port: '3' }, env, path)).toMatchObject({ port: 3, host: 'h2', database: 'd1' })
})

test('switches are read from the environment as words', () => {
  expect(loadSettings({}, { REEVE_SERVICES: 'false' }, file('')).services).toBe(false)
})

test('a value that cannot be is refused, with its name and where it came from', () => {
  expect(() => loadSettings({ port: 'x' }, {}, file(''))).toThrow(/port \(command line\)/)
  expect(() => loadSettings({}, { REEVE_PORT: '70000' }, file(''))).toThrow(/port \(environment\)/)
})

test('a key that no setting has is refused', () => {
  expect(() => loadSettings({}, {}, file('prot = 1'))).toThrow(/prot \(.*reeve.toml\)/)
})

test('a named file that is not there, or is not TOML, is said to be so', () => {
  expect(() => loadSettings({}, {}, join(folder, 'none.toml'))).toThrow(/no settings file/)
  expect(() => loadSettings({}, {}, file('= ='))).toThrow(/not TOML/)
})

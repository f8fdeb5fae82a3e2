import { existsSync, readFileSync } from 'node:fs'
import { parse } from 'smol-toml'
import { Settings } from './settings.ts'

export type Given = { [name: string]: unknown }

/** A setting that cannot be used: which one, where it came from, and what is wrong. */
export class SettingsError extends Error {
  override name = 'SettingsError'
}

const DEFAULT_FILE = 'reeve.toml'
const NAMES = Object.keys(Settings.shape)

/** `REEVE_SERVER_PORT` or `REEVE_PORT` for `port`, `REEVE_API_AUTH_STRING` for `api_auth_string`. */
export function fromEnvironment(env: NodeJS.ProcessEnv): Given {
  const given: Given = {}
  for (const name of NAMES) {
    const value = env[`REEVE_SERVER_${name.toUpperCase()}`] ?? env[`REEVE_${name.toUpperCase()}`]
    if (value !== undefined && value !== '') given[name] = value
  }
  return given
}

/** A TOML file of settings by name. An absent default file is no settings; an absent named one is an error. */
export function fromFile(path: string | undefined): Given {
  const file = path ?? DEFAULT_FILE
  if (!existsSync(file)) {
    if (path === undefined) return {}
    throw new SettingsError(`There is no settings file ${path}.`)
  }
  try {
    return { ...parse(readFileSync(file, 'utf8')) }
  } catch (error) {
    throw new SettingsError(`The settings file ${file} is not TOML: ${(error as Error).message}`)
  }
}

/** Joins the sources: flags win over the environment, which wins over the file, which wins over defaults. */
export function loadSettings(flags: Given, env: NodeJS.ProcessEnv, file?: string): Settings {
  const sources: [string, Given][] = [
    ['command line', flags],
    ['environment', fromEnvironment(env)],
    [file ?? DEFAULT_FILE, fromFile(file)],
  ]
  const merged: Given = Object.assign({}, ...sources.map(([, given]) => given).reverse())
  const result = Settings.safeParse(merged)
  if (result.success) return result.data
  const complaints = result.error.issues.map((issue) => {
    const name = issue.code === 'unrecognized_keys' ? issue.keys.join(', ') : String(issue.path[0])
    const source = sources.find(([, given]) => name in given)?.[0] ?? 'settings'
    return `${name} (${source}): ${issue.message}`
  })
  throw new SettingsError(`Invalid settings: ${complaints.join('; ')}`)
}

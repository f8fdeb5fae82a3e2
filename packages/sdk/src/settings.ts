import { dirname, join, parse, resolve } from 'node:path'
import { existsSync } from 'node:fs'

/** What the environment says. Names starting with REEVE_ win over PREFECT_ ones. */
export interface Settings {
  /** Base of the REST API; undefined means the embedded server. */
  apiUrl: string | undefined
  authString: string | undefined
  apiKey: string | undefined
  /** Where people look at runs; undefined when it is unknown. */
  uiUrl: string | undefined
  /** Whether somebody said so, rather than that it is a guess. */
  uiUrlIsGiven: boolean
  /** The project's own folder for the embedded database and results. */
  home: string
  persistResults: boolean
  logPrints: boolean
  /** Records below this number (10 debug … 50 critical) are dropped. */
  logLevel: number
  logsToApi: boolean
  logsToConsole: boolean
  /** Seconds between looks at whether a flow run is to be cancelled. */
  cancelPollSeconds: number
  /** Seconds that a cancelled run gets to stop by itself. */
  cancelGraceSeconds: number
  /** A flow run of a deployment that sleeps longer than so many seconds is let go meanwhile. */
  suspendAfterSeconds: number
}

type Environment = { readonly [name: string]: string | undefined }

const LEVELS: { [name: string]: number } = {
  TRACE: 5,
  DEBUG: 10,
  INFO: 20,
  WARN: 30,
  WARNING: 30,
  ERROR: 40,
  CRITICAL: 50,
  FATAL: 50,
}

function logLevel(name: string): number {
  const level = LEVELS[name.toUpperCase()]
  if (level !== undefined) return level
  throw new RangeError(
    `REEVE_LOGGING_LEVEL must be one of ${Object.keys(LEVELS).join(', ')}; it is '${name}'`,
  )
}

export function readSettings(env: Environment = process.env, cwd = process.cwd()): Settings {
  const text = (name: string) => env[`REEVE_${name}`] || env[`PREFECT_${name}`] || undefined
  const flag = (name: string, fallback: boolean) => {
    const value = text(name)?.toLowerCase()
    return value === undefined ? fallback : !['0', 'false', 'no', 'off'].includes(value)
  }
  const seconds = (name: string, fallback: number) => {
    const value = Number(text(name) ?? fallback)
    if (!Number.isFinite(value) || value < 0)
      throw new RangeError(`REEVE_${name} must be a number of seconds`)
    return value
  }
  const apiUrl = text('API_URL')
  if (apiUrl !== undefined && !/^https?:$/.test(URL.parse(apiUrl)?.protocol ?? '')) {
    const name = env.REEVE_API_URL ? 'REEVE_API_URL' : 'PREFECT_API_URL'
    throw new TypeError(`${name} must be an address such as http://127.0.0.1:4200/api; it is '${apiUrl}'`)
  }
  return {
    apiUrl,
    authString: text('API_AUTH_STRING'),
    apiKey: text('API_KEY'),
    uiUrl: text('UI_URL') ?? apiUrl?.replace(/\/api\/?$/, ''),
    uiUrlIsGiven: text('UI_URL') !== undefined,
    home: env.REEVE_HOME || join(projectFolder(cwd), '.reeve'),
    persistResults: flag('RESULTS_PERSIST_BY_DEFAULT', true),
    logPrints: flag('LOGGING_LOG_PRINTS', false),
    logLevel: logLevel(text('LOGGING_LEVEL') ?? 'INFO'),
    logsToApi: flag('LOGGING_TO_API_ENABLED', true),
    logsToConsole: flag('LOGGING_TO_CONSOLE_ENABLED', true),
    cancelPollSeconds: seconds('CANCEL_POLL_SECONDS', 5),
    cancelGraceSeconds: seconds('CANCEL_GRACE_SECONDS', 5),
    suspendAfterSeconds: seconds('SUSPEND_AFTER_SECONDS', 60),
  }
}

/** The nearest folder upward that holds a package.json, or the current one. */
function projectFolder(cwd: string): string {
  for (let folder = resolve(cwd); folder !== parse(folder).root; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder
  }
  return resolve(cwd)
}

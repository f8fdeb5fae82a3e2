import { readSettings as route } from '@reeve/schemas/routes/admin'
import { Settings } from '../../settings.ts'
import { ok } from '../answer.ts'
import { endpoint } from '../endpoint.ts'

const HIDDEN = '**********'
const SECRETS: ReadonlySet<string> = new Set<keyof Settings>(['api_auth_string', 'api_key', 'encryption_key'])
/** In front of the host of a URL, or among its parameters. */
const PASSWORDS = /(?<=^\w+:\/\/[^:@/]*:).*(?=@)|(?<=[?&]password=)[^&]*/g

export const readSettings = endpoint(route, async ({ context }) => {
  const names = Object.keys(Settings.shape) as (keyof Settings)[]
  return ok(Object.fromEntries(names.map((name) => [name, hidden(name, context.settings[name])])))
})

function hidden(name: string, value: unknown): unknown {
  if (value === undefined) return null
  if (SECRETS.has(name)) return HIDDEN
  return typeof value === 'string' ? value.replace(PASSWORDS, HIDDEN) : value
}

import { readSettings as route } from '@reeve/schemas/routes/admin'
import type { Settings } from '../../settings.ts'
import { ok } from '../answer.ts'
import { endpoint } from '../endpoint.ts'

const HIDDEN = '**********'
const SECRETS: ReadonlySet<string> = new Set<keyof Settings>(['api_auth_string', 'api_key', 'encryption_key'])
const PASSWORD_OF_URL = /^(\w+:\/\/[^:@/]*:)[^@]*@/

export const readSettings = endpoint(route, async ({ context }) => {
  const shown = Object.entries(context.settings).map(([name, value]) => [name, hidden(name, value)])
  return ok(Object.fromEntries(shown))
})

function hidden(name: string, value: unknown): unknown {
  if (SECRETS.has(name)) return value === undefined ? null : HIDDEN
  return typeof value === 'string' ? value.replace(PASSWORD_OF_URL, `$1${HIDDEN}@`) : value
}

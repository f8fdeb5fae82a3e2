/** The options whose values a type checker does not see, or that nobody wrote types for. */
interface Numbers {
  readonly retries?: number | undefined
  readonly retryJitterFactor?: number | undefined
  readonly timeoutSeconds?: number | undefined
  readonly cacheExpirationSeconds?: number | undefined
  readonly concurrency?: number | undefined
}

const WHOLE = { isFine: (n: number) => Number.isSafeInteger(n) && n >= 0, must: 'a whole number, 0 or more' }
const AT_LEAST_0 = { isFine: (n: number) => n >= 0 && n < Infinity, must: 'a number, 0 or more' }
const ABOVE_0 = { isFine: (n: number) => n > 0 && n < Infinity, must: 'a number above 0' }
const COUNT = { isFine: (n: number) => n >= 1, must: '1 or more' }

const RULES: { readonly [Name in keyof Numbers]-?: { isFine: (n: number) => boolean; must: string } } = {
  retries: WHOLE,
  retryJitterFactor: AT_LEAST_0,
  timeoutSeconds: ABOVE_0,
  cacheExpirationSeconds: AT_LEAST_0,
  concurrency: COUNT,
}

/** Throws TypeError when there is no function. */
export function checkFunction(kind: 'flow' | 'task', fn: unknown): void {
  if (typeof fn === 'function') return
  const got = fn === null ? 'null' : typeof fn
  throw new TypeError(`${kind}(fn, options) takes a function first; got ${got}`)
}

/** Throws RangeError for a number that makes no sense, where the mistake is rather than in the first run. */
export function checkOptions(what: string, options: Numbers): void {
  for (const [name, { isFine, must }] of Object.entries(RULES)) {
    const value: unknown = options[name as keyof Numbers]
    if (value === undefined || (typeof value === 'number' && isFine(value))) continue
    const got = typeof value === 'string' ? `'${value}'` : String(value)
    throw new RangeError(`The option ${name} of ${what} must be ${must}; got ${got}`)
  }
}

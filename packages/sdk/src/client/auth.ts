export interface Credentials {
  /** `user:password`, sent as HTTP Basic. */
  authString?: string
  /** An API key, sent as a Bearer token. Wins over `authString`. */
  apiKey?: string
}

/** The value of the Authorization header, or undefined without credentials. */
export function authorization({ authString, apiKey }: Credentials): string | undefined {
  if (apiKey) return `Bearer ${apiKey}`
  if (authString) return `Basic ${btoa(String.fromCharCode(...new TextEncoder().encode(authString)))}`
  return undefined
}

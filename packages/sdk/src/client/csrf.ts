/** A token which servers with CSRF protection want on every change; `client` names this client to them. */
export interface CsrfToken {
  token: string
  client: string
  /** milliseconds since 1970 */
  expiresMs: number
}

/** Keeps the token: asks for one when needed, and stops asking once the server says it wants none. */
export class CsrfKeeper {
  readonly #client = crypto.randomUUID()
  readonly #ask: (client: string) => Promise<CsrfToken | undefined>
  #pending: Promise<CsrfToken | undefined> | undefined

  constructor(ask: (client: string) => Promise<CsrfToken | undefined>) {
    this.#ask = ask
  }

  async headers(nowMs: number): Promise<Record<string, string>> {
    let token = await this.#current()
    if (token && token.expiresMs <= nowMs) {
      this.renew()
      token = await this.#current()
    }
    return token ? { 'prefect-csrf-token': token.token, 'prefect-csrf-client': token.client } : {}
  }

  renew(): void {
    this.#pending = undefined
  }

  #current(): Promise<CsrfToken | undefined> {
    this.#pending ??= this.#ask(this.#client).catch((error: unknown) => {
      this.renew()
      throw error
    })
    return this.#pending
  }
}

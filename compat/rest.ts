import { setTimeout as delay } from 'node:timers/promises'

/** One answer of a server. `body` is parsed JSON, or the text when it is not JSON, or null when empty. */
export interface Answer {
  status: number
  body: any
}

/** A REST client that only speaks JSON, bound to one API root such as `http://127.0.0.1:4200/api`. */
export class Rest {
  readonly apiUrl: string
  readonly headers: Record<string, string>

  constructor(apiUrl: string, headers: Record<string, string>) {
    this.apiUrl = apiUrl.replace(/\/$/, '')
    this.headers = headers
  }

  /** Sends and returns whatever came back. A 503 is a busy server: it is retried, as every client does. */
  async send(method: string, path: string, body?: unknown): Promise<Answer> {
    for (let attempt = 0; ; attempt++) {
      const response = await fetch(this.apiUrl + path, {
        method,
        headers: { ...this.headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        body: body === undefined ? undefined : JSON.stringify(body),
      })
      const text = await response.text()
      if (response.status === 503 && attempt < 20) {
        await delay(100 * (attempt + 1))
        continue
      }
      return { status: response.status, body: parse(text) }
    }
  }

  /** The body of a successful answer; throws on a status of 400 or more. */
  async must(method: string, path: string, body?: unknown): Promise<any> {
    const answer = await this.send(method, path, body)
    if (answer.status >= 400) {
      throw new Error(`${method} ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`)
    }
    return answer.body
  }

  /** Every row of a `/filter` route, page after page. */
  async all(path: string, body: Record<string, unknown>): Promise<any[]> {
    const rows: any[] = []
    for (;;) {
      const page = await this.must('POST', path, { ...body, limit: 200, offset: rows.length })
      rows.push(...page)
      if (page.length < 200) {
        return rows
      }
    }
  }
}

function parse(text: string): unknown {
  if (text === '') {
    return null
  }
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

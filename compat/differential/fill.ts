import { createHash } from 'node:crypto'

const TOKEN = /@(scope|id\(([^)]*)\)|uuid\((\d+)\)|now([+-]\d+)(~\d\d:\d\d)?)/g

/** What the tokens of a sequence stand for on one server. */
export class Meanings {
  readonly scope: string
  /** Milliseconds since the epoch. */
  readonly start: number
  private readonly ids = new Map<string, string>()
  private readonly roles = new Map<string, string>()

  constructor(scope: string, start: number) {
    this.scope = scope
    this.start = start
  }

  /** From now on the id has this role; the first role of an id stays. */
  learn(role: string, id: string): void {
    this.ids.set(role, id)
    if (!this.roles.has(id)) this.roles.set(id, role)
  }

  roleOf(id: string): string | undefined {
    return this.roles.get(id)
  }

  /** The value with every token in it replaced. */
  fill<T>(value: T): T {
    const text = JSON.stringify(value, (_, each) => (typeof each === 'string' ? this.text(each) : each))
    return text === undefined ? value : JSON.parse(text)
  }

  text(text: string): string {
    return text.replaceAll(TOKEN, (token, _, role, number, seconds, offset) => {
      if (token === '@scope') return this.scope
      if (role !== undefined) return this.ids.get(role) ?? this.chosen(role)
      if (number !== undefined) return this.chosen(`uuid ${number}`)
      return moment(this.start + Number(seconds) * 1000, offset)
    })
  }

  /** An id that nobody made yet, the same on every server; ids that are numbered ascend. */
  private chosen(role: string): string {
    const hash = createHash('sha256')
      .update(this.scope + role)
      .digest('hex')
    const number = /^uuid (\d+)$/.exec(role)?.[1] ?? '0'
    const first = Number(number).toString(16).padStart(8, '0')
    const id = `${first}-${hash.slice(0, 4)}-7${hash.slice(4, 7)}-8${hash.slice(7, 10)}-${hash.slice(10, 22)}`
    if (!this.roles.has(id)) this.roles.set(id, role)
    return id
  }
}

function moment(milliseconds: number, offset: string | undefined): string {
  if (offset === undefined) return new Date(milliseconds).toISOString()
  const [hours = 0, minutes = 0] = offset.slice(1).split(':').map(Number)
  const local = new Date(milliseconds + (hours * 60 + minutes) * 60_000).toISOString()
  return local.replace('Z', `+${offset.slice(1)}`)
}

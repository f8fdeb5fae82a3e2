import type { Chance } from './chance.ts'
import type { Operation } from './operation.ts'

export type Kind =
  | 'flow'
  | 'run'
  | 'task'
  | 'state'
  | 'variable'
  | 'artifact'
  | 'limit'
  | 'tagLimit'
  | 'lease'
  | 'search'
  | 'input'
  | 'blockType'
  | 'blockSchema'
  | 'blockDocument'
  | 'deployment'

/** What a sequence has made so far, as far as the generator can know: it does not see the answers. */
export class World {
  readonly chance: Chance
  /** False for the 2.20 generation, which lacks many fields and routes. */
  readonly modern: boolean
  private readonly roles = new Map<Kind, string[]>()
  private uuids = 0

  constructor(chance: Chance, modern: boolean) {
    this.chance = chance
    this.modern = modern
  }

  all(kind: Kind): string[] {
    return this.roles.get(kind) ?? []
  }

  make(kind: Kind): string {
    const roles = this.all(kind)
    const role = `${kind}${roles.length + 1}`
    this.roles.set(kind, [...roles, role])
    return role
  }

  any(kind: Kind): string | undefined {
    const roles = this.all(kind)
    // The newest ones are the ones with something still to happen to them.
    return roles.length === 0 ? undefined : this.chance.pick(this.chance.in(0.5) ? roles.slice(-2) : roles)
  }

  /** The id of an existing one, seldom of none. */
  id(kind: Kind): string {
    const role = this.chance.in(0.03) ? undefined : this.any(kind)
    return `@id(${role ?? `missing-${kind}`})`
  }

  ids(kind: Kind): string[] {
    return [...new Set(Array.from({ length: this.chance.below(4) }, () => this.id(kind)))]
  }

  uuid(): string {
    return `@uuid(${++this.uuids})`
  }

  /** One of the ids chosen earlier or a new one. */
  someUuid(): string {
    return this.uuids > 0 && this.chance.in(0.4) ? `@uuid(${1 + this.chance.below(this.uuids)})` : this.uuid()
  }

  tags(): string[] {
    return ['@scope', ...this.chance.some(['a', 'b', 'A', 'ü'])]
  }

  /** A moment at a distance that execution time cannot blur. */
  moment(): string {
    return `@now${this.chance.pick(['-7200', '-1200', '-600', '+600', '+3600'])}${this.chance.in(0.2) ? '~02:00' : ''}`
  }
}

/** A kind of operation; undefined when the world lacks what it needs. `modern` ones exist since 3.x only. */
export interface Maker {
  weight: number
  modern?: boolean
  make(world: World): Operation | undefined
}

export function post(path: string, body: unknown, rest: Partial<Operation> = {}): Operation {
  return { method: 'POST', path, body, ...rest }
}

export function get(path: string): Operation {
  return { method: 'GET', path }
}

export function remove(path: string): Operation {
  return { method: 'DELETE', path }
}

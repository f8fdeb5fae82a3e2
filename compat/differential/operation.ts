/**
 * One request, written without ids, moments or unique names, so that it can be sent to any server. In its texts
 * `@scope` stands for what is unique to the sequence, `@id(flow1)` for the id behind a role, `@uuid(3)` for an id that
 * the client chooses, `@now+600` for a moment in seconds from the start (`@now+600~02:00` with that offset).
 */
export interface Operation {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  path: string
  body?: unknown
  /** Roles that the answer gives ids to: role to the place of the id in the body, `id` or `state.id`. */
  makes?: { [role: string]: string }
  /** The fields that order the list in the answer, the first that is not null counts; without it order is chance. */
  order?: string[]
  /** Rows of the answer that do not hold the scope belong to others and are left out. */
  shared?: boolean
}

export interface Sequence {
  seed: number
  version: string
  operations: Operation[]
}

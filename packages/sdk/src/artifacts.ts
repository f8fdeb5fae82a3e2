import type { Json } from '@reeve/schemas/json'
import { createArtifact, updateArtifact } from './client/used-routes.ts'
import { currentScope } from './engine/scope.ts'
import { usingRuntime } from './engine/using-runtime.ts'

/** What all kinds of artifacts take. */
export interface ArtifactOptions {
  /** Joins the artifact to a series whose newest is shown: lower-case letters, digits and dashes. */
  key?: string
  /** Markdown, shown above the artifact. */
  description?: string
}

/** A cell of a table: anything that JSON can hold; dates are written as ISO text. */
export type Cell = Json | Date | bigint | undefined

/** Rows as objects or lists, or columns by name. */
export type Table =
  | readonly { readonly [column: string]: Cell }[]
  | readonly (readonly Cell[])[]
  | { readonly [column: string]: readonly Cell[] }

/** A progress bar which can be moved on. */
export interface Progress {
  readonly id: string
  /** Percent; values outside of 0 to 100 are brought to the nearer end. */
  set(percent: number): Promise<void>
}

/**
 * What a run leaves for people to look at. Artifacts made inside of a run belong to it. Each gives its id.
 * @example await artifact.table([{ city: 'Oslo', orders: 3 }], { key: 'orders-by-city' })
 */
export const artifact = {
  markdown(text: string, options?: ArtifactOptions): Promise<string> {
    return create('markdown', text, options)
  },

  link(url: string | URL, { text, ...options }: ArtifactOptions & { text?: string } = {}): Promise<string> {
    return create('markdown', `[${text ?? url}](${url})`, options)
  },

  table(table: Table, options?: ArtifactOptions): Promise<string> {
    return create('table', JSON.stringify(table, tableCell), options)
  },

  image(url: string | URL, options?: ArtifactOptions): Promise<string> {
    return create('image', String(url), options)
  },

  async progress(percent = 0, options?: ArtifactOptions): Promise<Progress> {
    const id = await create('progress', clamp(percent), options)
    return { id, set: (next) => update(id, clamp(next)) }
  },
}

function create(type: string, data: Json, { key, description }: ArtifactOptions = {}): Promise<string> {
  if (key !== undefined && !/^[a-z0-9-]+$/.test(key)) {
    throw new TypeError(`The artifact key '${key}' may contain lower-case letters, digits and dashes only`)
  }
  const { flow, task } = currentScope() ?? {}
  return usingRuntime(async ({ api }) => {
    const { id } = await api.call(createArtifact, {
      body: {
        type,
        data,
        key: key ?? null,
        description: description ?? null,
        flow_run_id: flow?.id ?? null,
        task_run_id: task?.id ?? null,
      },
    })
    return id
  })
}

function update(id: string, data: Json): Promise<void> {
  return usingRuntime(
    async ({ api }) => void (await api.call(updateArtifact, { params: { id }, body: { data } })),
  )
}

function clamp(percent: number): number {
  return Math.min(100, Math.max(0, percent))
}

function tableCell(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value
}

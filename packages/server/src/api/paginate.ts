import type { Answer } from './answer.ts'
import { ok } from './answer.ts'
import { pageLimit } from './page-limit.ts'

interface PageBody {
  limit?: number | null | undefined
  page: number
}

/** What a page is read with. */
export interface Slice {
  limit: number
  offset: number
}

/** Answers one page of rows with the count of all; a page past the end is empty. */
export async function paginate(
  { limit: asked, page }: PageBody,
  most: number,
  read: (slice: Slice) => Promise<{ results: unknown[]; count: number }>,
): Promise<Answer> {
  const limit = pageLimit(asked, most)
  if (typeof limit !== 'number') return limit
  const { results, count } = await read({ limit, offset: (page - 1) * limit })
  const pages = limit === 0 ? 0 : Math.ceil(count / limit)
  return ok({ results, count, limit, pages, page })
}

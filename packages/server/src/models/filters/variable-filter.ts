import type { VariableFilter } from '@reeve/schemas/filters/variable-filter'
import { sql } from 'kysely'
import { jsonText } from '../../database/json-text.ts'
import { column, matching, tags } from './column.ts'
import { NEVER } from './condition.ts'
import type { Condition } from './condition.ts'
import { filter } from './filter.ts'

/** Which rows of `variable`. */
export const variableFilter = filter<VariableFilter>({
  id: column('variable.id'),
  name: column('variable.name'),
  value(session, { any_, like_ }) {
    const text = jsonText(session, 'variable.value')
    const conditions: Condition[] = matching(session, text, like_)
    if (any_) conditions.push(any_.length === 0 ? NEVER : sql`${text} in (${sql.join(any_)})`)
    return conditions
  },
  tags: tags('variable.tags'),
})

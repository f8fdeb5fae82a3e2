import { formatTimestamp } from '@reeve/schemas/time'
import type { VariableRow } from '../../models/variables.ts'

export function wireVariable(variable: VariableRow) {
  return {
    id: variable.id,
    created: formatTimestamp(variable.created),
    updated: formatTimestamp(variable.updated),
    name: variable.name,
    value: variable.value,
    tags: variable.tags,
  }
}

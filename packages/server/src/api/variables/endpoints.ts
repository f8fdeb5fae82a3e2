import type { Endpoint } from '../endpoint.ts'
import { countVariables } from './count.ts'
import { createVariable } from './create.ts'
import { deleteVariable, deleteVariableByName } from './delete.ts'
import { filterVariables } from './filter.ts'
import { readVariable, readVariableByName } from './read.ts'
import { updateVariable, updateVariableByName } from './update.ts'

export const VARIABLE_ENDPOINTS: readonly Endpoint[] = [
  createVariable,
  readVariable,
  readVariableByName,
  filterVariables,
  countVariables,
  updateVariable,
  updateVariableByName,
  deleteVariable,
  deleteVariableByName,
]

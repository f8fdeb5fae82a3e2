import { z } from 'zod'
import { embedded } from '../embedded.ts'
import { VariableFilter } from '../filters/variable-filter.ts'
import { Limit, Offset } from '../pagination.ts'
import { route } from '../route.ts'
import { VariableSort } from '../sorts.ts'
import { Variable, VariableCreate, VariableUpdate } from '../variable.ts'
import { idParams } from './params.ts'

const tag = 'variables'
const nameParams = z.object({ name: z.string() })
const variables = VariableFilter.optional()

export const createVariable = route({
  id: 'createVariable',
  method: 'POST',
  path: '/variables/',
  tag,
  summary: 'Create a variable',
  body: VariableCreate,
  responses: { 201: Variable },
})

export const readVariable = route({
  id: 'readVariable',
  method: 'GET',
  path: '/variables/:id',
  tag,
  summary: 'Read a variable',
  params: idParams,
  responses: { 200: Variable },
})

export const readVariableByName = route({
  id: 'readVariableByName',
  method: 'GET',
  path: '/variables/name/:name',
  tag,
  summary: 'Read a variable by its name',
  params: nameParams,
  responses: { 200: Variable },
})

export const filterVariables = route({
  id: 'filterVariables',
  method: 'POST',
  path: '/variables/filter',
  tag,
  summary: 'List variables',
  body: embedded({ variables, sort: VariableSort.default('NAME_ASC'), limit: Limit, offset: Offset }),
  bodyOptional: true,
  responses: { 200: z.array(Variable) },
})

export const countVariables = route({
  id: 'countVariables',
  method: 'POST',
  path: '/variables/count',
  tag,
  summary: 'Count variables',
  body: embedded({ variables }),
  bodyOptional: true,
  responses: { 200: z.int() },
})

export const updateVariable = route({
  id: 'updateVariable',
  method: 'PATCH',
  path: '/variables/:id',
  tag,
  summary: 'Change a variable',
  params: idParams,
  body: VariableUpdate,
  responses: { 204: null },
})

export const updateVariableByName = route({
  id: 'updateVariableByName',
  method: 'PATCH',
  path: '/variables/name/:name',
  tag,
  summary: 'Change a variable by its name',
  params: nameParams,
  body: VariableUpdate,
  responses: { 204: null },
})

export const deleteVariable = route({
  id: 'deleteVariable',
  method: 'DELETE',
  path: '/variables/:id',
  tag,
  summary: 'Delete a variable',
  params: idParams,
  responses: { 204: null },
})

export const deleteVariableByName = route({
  id: 'deleteVariableByName',
  method: 'DELETE',
  path: '/variables/name/:name',
  tag,
  summary: 'Delete a variable by its name',
  params: nameParams,
  responses: { 204: null },
})

import { z } from 'zod'
import { Confirmation, ServerDefaultResultStorage, ServerDefaultResultStorageUpdate } from '../admin.ts'
import { route } from '../route.ts'
import { JsonRecord } from '../scalars.ts'

const tag = 'admin'

export const readAdminVersion = route({
  id: 'readAdminVersion',
  method: 'GET',
  path: '/admin/version',
  tag,
  summary: 'Read the version of the server',
  responses: { 200: z.string() },
})

export const readSettings = route({
  id: 'readSettings',
  method: 'GET',
  path: '/admin/settings',
  tag,
  summary: 'Read the settings of the server, secrets hidden',
  responses: { 200: JsonRecord },
})

export const readDefaultResultStorage = route({
  id: 'readDefaultResultStorage',
  method: 'GET',
  path: '/admin/storage',
  tag,
  summary: 'Read where results go by default',
  responses: { 200: ServerDefaultResultStorage },
})

export const updateDefaultResultStorage = route({
  id: 'updateDefaultResultStorage',
  method: 'PUT',
  path: '/admin/storage',
  tag,
  summary: 'Choose where results go by default',
  body: ServerDefaultResultStorageUpdate,
  responses: { 200: ServerDefaultResultStorage },
})

export const deleteDefaultResultStorage = route({
  id: 'deleteDefaultResultStorage',
  method: 'DELETE',
  path: '/admin/storage',
  tag,
  summary: 'Choose no default place for results',
  responses: { 204: null },
})

export const clearDatabase = route({
  id: 'clearDatabase',
  method: 'POST',
  path: '/admin/database/clear',
  tag,
  summary: 'Delete every row (Prefect 2 only)',
  body: Confirmation,
  bodyOptional: true,
  responses: { 204: null, 400: null },
  extension: true,
})

export const dropDatabase = route({
  id: 'dropDatabase',
  method: 'POST',
  path: '/admin/database/drop',
  tag,
  summary: 'Delete all that the database holds (Prefect 2 only)',
  body: Confirmation,
  bodyOptional: true,
  responses: { 204: null, 400: null },
  extension: true,
})

export const createDatabase = route({
  id: 'createDatabase',
  method: 'POST',
  path: '/admin/database/create',
  tag,
  summary: 'Make the tables that are missing (Prefect 2 only)',
  body: Confirmation,
  bodyOptional: true,
  responses: { 204: null, 400: null },
  extension: true,
})

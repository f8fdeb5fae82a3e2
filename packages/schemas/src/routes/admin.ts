import { z } from 'zod'
import { ServerDefaultResultStorage, ServerDefaultResultStorageUpdate } from '../admin.ts'
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

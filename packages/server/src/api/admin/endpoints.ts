import type { Endpoint } from '../endpoint.ts'
import { clearDatabase, createDatabase, dropDatabase } from './database.ts'
import { deleteDefaultResultStorage } from './delete-storage.ts'
import { readDefaultResultStorage } from './read-storage.ts'
import { readSettings } from './settings.ts'
import { updateDefaultResultStorage } from './update-storage.ts'
import { readAdminVersion } from './version.ts'

export const ADMIN_ENDPOINTS: readonly Endpoint[] = [
  readAdminVersion,
  readSettings,
  readDefaultResultStorage,
  updateDefaultResultStorage,
  deleteDefaultResultStorage,
  clearDatabase,
  dropDatabase,
  createDatabase,
]

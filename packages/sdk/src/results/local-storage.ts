import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { ResultStorage } from './storage.ts'

let writes = 0

/**
 * Keeps each result in a file of its own under `folder`; readers never see half a file.
 * @example task(fetchPage, { resultStorage: localStorage('/mnt/shared/results') })
 */
export function localStorage(folder: string): ResultStorage {
  const root = resolve(folder)
  return {
    type: 'local',
    get: (key) => readFile(fileOf(root, key)).catch(undefinedIfAbsent),
    async put(key, bytes) {
      const file = fileOf(root, key)
      const temporary = `${file}.${process.pid}.${writes++}.tmp`
      await writeDurably(temporary, bytes).catch(async (error: unknown) => {
        if (!isAbsent(error)) throw error
        await mkdir(dirname(file), { recursive: true })
        await writeDurably(temporary, bytes)
      })
      await rename(temporary, file)
    },
    delete: (key) => rm(fileOf(root, key), { force: true }),
  }
}

/** A run that is said to be completed must not lose its result to a power cut. */
async function writeDurably(file: string, bytes: Uint8Array): Promise<void> {
  await writeFile(file, bytes, { flush: true })
}

/** Each part of the key becomes one file name: no part can climb out of the folder. */
function fileOf(root: string, key: string): string {
  // Python names results by whole paths.
  const parts = (key.startsWith(`${root}/`) ? key.slice(root.length + 1) : key)
    .split('/')
    .map((part) => encodeURIComponent(part).replace(/^\.+$/, (dots) => '%2E'.repeat(dots.length)))
  return join(root, ...parts)
}

function undefinedIfAbsent(error: unknown): undefined {
  if (!isAbsent(error)) throw error
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}

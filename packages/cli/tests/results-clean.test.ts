import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))

function reeve(home: string, ...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = { ...process.env, REEVE_HOME: home }
  return new Promise((resolve) => {
    execFile(process.execPath, [main, 'results', 'clean', ...args], { env }, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    )
  })
}

/** A folder of results, of which one is 40 days old. */
async function home(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'reeve-clean-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await mkdir(join(folder, 'results', 'runs'), { recursive: true })
  for (const name of ['old', 'new']) await writeFile(join(folder, 'results', 'runs', name), name)
  const then = new Date(Date.now() - 40 * 86_400_000)
  await utimes(join(folder, 'results', 'runs', 'old'), then, then)
  return folder
}

test('old results go, and the rest stays', async () => {
  const folder = await home()
  const dry = await reeve(folder, '--dry-run')
  expect(dry.stdout).toBe(`Would delete 1 file, 0.0 MB, of ${join(folder, 'results')}\n`)
  expect(existsSync(join(folder, 'results/runs/old'))).toBe(true)
  expect((await reeve(folder)).stdout).toMatch(/^Deleted 1 file/)
  expect(existsSync(join(folder, 'results/runs/old'))).toBe(false)
  expect(existsSync(join(folder, 'results/runs/new'))).toBe(true)
  expect((await reeve(folder, join(folder, 'results'), '--older-than-days', '0')).stdout).toMatch(
    /^Deleted 1 file/,
  )
})

test('what is no number of days deletes nothing', async () => {
  const folder = await home()
  expect(await reeve(folder, '--older-than-days', 'all')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("'all'"),
  })
  expect(existsSync(join(folder, 'results/runs/old'))).toBe(true)
})

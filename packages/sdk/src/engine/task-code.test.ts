import { expect, test } from 'vitest'
import { codeOf } from './task-code.ts'

const made = (fn: (...args: never[]) => unknown, version?: string) =>
  codeOf({ name: 't', fn: fn as (...args: unknown[]) => unknown, options: { version } })
const written = (text: string) => made(new Function(`return ${text}`)() as (...args: never[]) => unknown)

test('the same text is the same code, however it is indented', () => {
  expect(written('(a) => {\n  return a + 1\n}')).toBe(written('(a) => {\n\treturn a +\n    1\n}'))
})

test('another text is other code', () => {
  expect(written('(a) => a + 1')).not.toBe(written('(a) => a + 2'))
})

test('a version speaks for the text', () => {
  const [one, two] = [() => 1, () => 2]
  expect(made(one, '7')).toBe(made(two, '7'))
  expect(made(one, '7')).not.toBe(made(one, '8'))
  expect(made(one, '')).not.toBe(made(one))
})

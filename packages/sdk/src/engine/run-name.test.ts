import { expect, test } from 'vitest'
import { renderRunName } from './run-name.ts'

test.each([
  ['load-{table}', 'load-orders'],
  ['{table}-{limit}', 'orders-3'],
  ['{at}', '1970-01-01T00:00:00.000Z'],
  ['{filter}', '{"city":"Oslo"}'],
  ['{nothing}', 'undefined'],
  ['{unknown} {', '{unknown} {'],
])('the template %s gives %s', (template, name) => {
  const inputs = { table: 'orders', limit: 3, at: new Date(0), filter: { city: 'Oslo' }, nothing: undefined }
  expect(renderRunName(template, [], inputs)).toBe(name)
})

test('a function is given the arguments', () => {
  expect(renderRunName((table: string, limit: number) => `${table}/${limit}`, ['orders', 3], {})).toBe(
    'orders/3',
  )
})

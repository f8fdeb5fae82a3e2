import { isRawNumber } from './exact-json.ts'
import type { ExactJson } from './exact-json.ts'

const INTEGER = /^-?\d+$/
/** Python writes floats with an exponent below and from these powers of ten on. */
const LEAST_EXPONENT = -4
const MOST_EXPONENT = 16

/** The text that Python's `json.dumps(value, sort_keys=True)` writes. */
export function pythonJson(value: ExactJson): string {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return pythonText(value)
  if (isRawNumber(value)) return pythonNumber(value.rawJSON)
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(', ')}]`
  const members = Object.keys(value)
    .toSorted()
    .map((key) => `${pythonText(key)}: ${pythonJson(value[key] as ExactJson)}`)
  return `{${members.join(', ')}}`
}

function pythonText(text: string): string {
  return JSON.stringify(text).replaceAll(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

function pythonNumber(source: string): string {
  if (INTEGER.test(source)) return String(BigInt(source))
  const value = Number(source)
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity'
  return pythonFloat(value)
}

/** The text that Python's `repr` gives a float. */
export function pythonFloat(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0'
  const [digits = '', power = '0'] = value.toExponential().split('e')
  const exponent = Number(power)
  if (exponent < LEAST_EXPONENT || exponent >= MOST_EXPONENT) {
    const magnitude = String(Math.abs(exponent)).padStart(2, '0')
    return `${digits}e${exponent < 0 ? '-' : '+'}${magnitude}`
  }
  const text = String(value)
  if (text.includes('e')) return value.toFixed(digits.replace(/^-?\d\.?/, '').length - exponent)
  return text.includes('.') ? text : `${text}.0`
}

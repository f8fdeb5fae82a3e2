import type { z } from 'zod'
import type { Json } from './json.ts'
import type { ValidationEntry } from './problems.ts'

type Path = readonly PropertyKey[]
type Fault = Omit<ValidationEntry, 'loc' | 'input'>

/** What zod calls a type, and what the wire calls its absence. */
const TYPE_FAULTS: Readonly<Record<string, Fault>> = {
  string: { type: 'string_type', msg: 'Input should be a valid string' },
  array: { type: 'list_type', msg: 'Input should be a valid list' },
  tuple: { type: 'list_type', msg: 'Input should be a valid list' },
  record: { type: 'dict_type', msg: 'Input should be a valid dictionary' },
  object: {
    type: 'model_attributes_type',
    msg: 'Input should be a valid dictionary or object to extract fields from',
  },
}
const MISSING: Fault = { type: 'missing', msg: 'Field required' }
/** Of a body of several keys; the body is then not told as the faulty input. */
const MISSING_ARGUMENT: Fault = { ...MISSING }
const EXTRA: Fault = { type: 'extra_forbidden', msg: 'Extra inputs are not permitted' }

/**
 * The entries of a 422 answer, one a fault (one a key for keys that are too many, one an alternative where
 * none of several fits). `input` is the value that was parsed.
 */
export function validationEntries(
  error: z.core.$ZodError,
  root: 'body' | 'query' | 'path' | 'header',
  input: unknown,
): ValidationEntry[] {
  return error.issues
    .flatMap((issue) => entriesOf(issue, [], input))
    .map(([path, fault]) => {
      const { type, msg, ctx } = fault
      const value = fault === MISSING ? valueAt(input, path.slice(0, -1)) : valueAt(input, path)
      const entry = {
        type,
        loc: [root, ...(path as (string | number)[])],
        msg,
        input: (value ?? null) as Json,
      }
      return ctx === undefined ? entry : { ...entry, ctx }
    })
}

function entriesOf(issue: z.core.$ZodIssue, base: Path, input: unknown): [Path, Fault][] {
  const path = [...base, ...issue.path]
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => [[...path, key], EXTRA])
  if (issue.code === 'invalid_union')
    return issue.errors.flatMap((issues) => issues.flatMap((inner) => entriesOf(inner, path, input)))
  return [[path, faultOf(issue, valueAt(input, path))]]
}

function faultOf(issue: z.core.$ZodIssue, value: unknown): Fault {
  if (issue.code === 'custom') return customFault(issue)
  if (value === undefined) return MISSING
  switch (issue.code) {
    case 'invalid_type':
      return TYPE_FAULTS[issue.expected] ?? { type: `${issue.expected}_type`, msg: issue.message }
    case 'invalid_value':
      return choiceFault(issue.values)
    case 'too_big':
      return issue.origin === 'string'
        ? {
            type: 'string_too_long',
            msg: `String should have at most ${issue.maximum} characters`,
            ctx: { max_length: issue.maximum },
          }
        : {
            type: 'too_long',
            msg: `List should have at most ${issue.maximum} items after validation`,
            ctx: { max_length: issue.maximum },
          }
    case 'invalid_format':
      return patternFault(issue)
    default:
      return valueError(issue.message)
  }
}

function customFault(issue: z.core.$ZodIssueCustom): Fault {
  const { type, ctx } = (issue.params ?? {}) as { type?: string; ctx?: Record<string, unknown> }
  if (type === MISSING.type) return MISSING
  if (type === 'missing_argument') return MISSING_ARGUMENT
  if (type === undefined || type === 'value_error') return valueError(issue.message)
  return ctx === undefined ? { type, msg: issue.message } : { type, msg: issue.message, ctx }
}

function choiceFault(values: readonly unknown[]): Fault {
  const quoted = values.map((value) => `'${String(value)}'`)
  const expected = [quoted.slice(0, -1).join(', '), quoted.at(-1)].filter(Boolean).join(' or ')
  return {
    type: values.length === 1 ? 'literal_error' : 'enum',
    msg: `Input should be ${expected}`,
    ctx: { expected },
  }
}

function patternFault(issue: z.core.$ZodIssueInvalidStringFormat): Fault {
  if (issue.message.startsWith('Value error')) return valueError(issue.message)
  const pattern = issue.pattern?.replace(/^\/(.*)\/[a-z]*$/, '$1') ?? issue.format
  return {
    type: 'string_pattern_mismatch',
    msg: `String should match pattern '${pattern}'`,
    ctx: { pattern },
  }
}

function valueError(msg: string): Fault {
  return { type: 'value_error', msg, ctx: { error: {} } }
}

function valueAt(input: unknown, path: Path): unknown {
  let value = input
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined
    value = (value as Record<PropertyKey, unknown>)[key]
  }
  return value
}

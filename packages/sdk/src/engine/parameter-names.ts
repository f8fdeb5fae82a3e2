/** How a function takes its parameters, as far as its source text tells. */
export interface ParameterNames {
  /** One for each position; `arg0`, `arg1` … where the text gives none. */
  names: string[]
  /** The single parameter is taken apart where it is declared: `({ a, b }) => …`. */
  destructured: boolean
  /** The name of a rest parameter, if there is one. */
  rest: string | undefined
}

const cache = new WeakMap<Function, ParameterNames>()

/** Reads the names once for each function. */
export function parameterNames(fn: Function): ParameterNames {
  let names = cache.get(fn)
  if (!names) cache.set(fn, (names = readNames(fn.toString())))
  return names
}

function readNames(source: string): ParameterNames {
  const parts = splitParameters(source)
  const names: string[] = []
  let rest: string | undefined
  for (const [i, part] of parts.entries()) {
    const name = /^(\.\.\.)?([\p{ID_Start}$_][\p{ID_Continue}$]*)/u.exec(part)
    if (name?.[1]) rest = name[2]
    else names.push(name?.[2] ?? `arg${i}`)
  }
  return { names, destructured: parts.length === 1 && parts[0]!.startsWith('{'), rest }
}

/** The text of each parameter, without comments and without space around it. */
function splitParameters(source: string): string[] {
  const text = strip(source)
  const single = /^(?:async\s+)?([\p{ID_Start}$_][\p{ID_Continue}$]*)\s*=>/u.exec(text)
  if (single) return [single[1]!]
  const parts: string[] = []
  let depth = 0
  let part = ''
  for (const char of text.slice(text.indexOf('(') + 1)) {
    if (depth === 0 && (char === ',' || char === ')')) {
      if (part.trim()) parts.push(part.trim())
      part = ''
      if (char === ')') break
      continue
    }
    if (char === '(' || char === '[' || char === '{') depth++
    if (char === ')' || char === ']' || char === '}') depth--
    part += char
  }
  return parts
}

/** Comments go, and what is inside strings becomes harmless. */
function strip(source: string): string {
  const tokens = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|`(?:\\.|[^`\\])*`/g
  return source.replace(tokens, (token) => (token.startsWith('/') ? ' ' : '0')).trim()
}

/** Arguments by name, as the server keeps them; surplus arguments are named by position. */
export function namedArguments(fn: Function, args: readonly unknown[]): { [name: string]: unknown } {
  const { names, rest } = parameterNames(fn)
  const named: { [name: string]: unknown } = {}
  for (const [i, arg] of args.entries()) {
    const name = names[i]
    if (name !== undefined) named[name] = arg
    else if (rest !== undefined) named[rest] = [...((named[rest] as unknown[] | undefined) ?? []), arg]
    else named[`arg${i}`] = arg
  }
  return named
}

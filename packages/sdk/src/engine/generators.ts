type AnyGenerator = Generator<unknown, unknown, unknown> | AsyncGenerator<unknown, unknown, unknown>

/** Takes the values of a generator as they come; false when nobody wants more. */
export type Sink = (value: unknown) => Promise<boolean>

function isGenerator(value: unknown): value is AnyGenerator {
  const tag = Object.prototype.toString.call(value)
  return tag === '[object Generator]' || tag === '[object AsyncGenerator]'
}

export function isGeneratorFunction(fn: Function): boolean {
  const tag = Object.prototype.toString.call(fn)
  return tag === '[object GeneratorFunction]' || tag === '[object AsyncGeneratorFunction]'
}

/** What a function gave, and of a generator all its values, each handed on as it comes. */
export async function collected(returned: unknown, sink?: Sink): Promise<unknown> {
  const value = await returned
  if (!isGenerator(value)) return value
  const values: unknown[] = []
  for await (const each of value) {
    values.push(each)
    if (sink && !(await sink(each))) break
  }
  return values
}

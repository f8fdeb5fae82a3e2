/** The names of the colon parameters in a route's path: `/flow_runs/:id/input/:key` gives `id | key`. */
export type PathParam<Path extends string> = Path extends `${string}:${infer Rest}`
  ? Rest extends `${infer Name}/${infer Tail}`
    ? Name | PathParam<`/${Tail}`>
    : Rest
  : never

const PARAM = /:([A-Za-z_]\w*)/g

/** Fills the parameters in, percent-encoded, and appends the query. Throws when a parameter is missing. */
export function buildPath(
  path: string,
  params: { readonly [name: string]: unknown } = {},
  query: { readonly [name: string]: unknown } = {},
): string {
  const filled = path.replace(PARAM, (_, name: string) => {
    const value = params[name]
    if (value === undefined || value === null || value === '') {
      throw new TypeError(`${path} needs the parameter '${name}'`)
    }
    return encodeURIComponent(String(value))
  })
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || value === null) continue
    for (const one of Array.isArray(value) ? value : [value]) search.append(name, String(one))
  }
  return search.size === 0 ? filled : `${filled}?${search}`
}

export type Criteria = { [key: string]: any }

/** Whether a criterion holds; undefined when it asks nothing. */
export type Verdict = boolean | undefined

export const absent = (value: unknown) => value === null || value === undefined

export function join(criteria: Criteria, verdicts: Verdict[]): Verdict {
  const given = verdicts.filter((verdict) => verdict !== undefined)
  if (given.length === 0) return undefined
  return criteria['operator'] === 'or_' ? given.some(Boolean) : given.every(Boolean)
}

/** A filter: members that are there but ask nothing hold. */
export function whole(
  criteria: Criteria,
  members: { [key: string]: (criterion: Criteria) => Verdict },
): boolean {
  const verdicts = Object.entries(members).map(([key, member]) =>
    absent(criteria[key]) ? undefined : (member(criteria[key]) ?? true),
  )
  return join(criteria, verdicts) ?? true
}

export function oneOf(list: any[] | null | undefined, value: unknown): Verdict {
  return absent(list) ? undefined : (list as unknown[]).includes(value)
}

function noneOf(list: any[] | null | undefined, value: unknown): Verdict {
  if (absent(list) || list?.length === 0) return undefined
  return value !== null && !list?.includes(value)
}

export function isNull(flag: boolean | null | undefined, value: unknown): Verdict {
  return absent(flag) ? undefined : (value === null) === flag
}

/** LIKE by hand: `%` is any run of characters, `_` any one, everything else itself in any case. */
export function like(pattern: string, text: string): boolean {
  const [first, ...rest] = pattern
  if (first === undefined) return text === ''
  if (first === '%') {
    return like(rest.join(''), text) || (text !== '' && like(pattern, text.slice(1)))
  }
  if (text === '') return false
  if (first !== '_' && first.toLowerCase() !== text.charAt(0).toLowerCase()) return false
  return like(rest.join(''), text.slice(1))
}

export function contains(part: string | null | undefined, text: string): Verdict {
  return part ? like(`%${part}%`, text) : undefined
}

export function within({ before_, after_ }: Criteria, value: number | null): Verdict {
  const micros = (text: string) => Date.parse(text) * 1000
  return join({}, [
    absent(before_) ? undefined : value !== null && value <= micros(before_),
    absent(after_) ? undefined : value !== null && value >= micros(after_),
  ])
}

export const list = (value: unknown) => (c: Criteria) =>
  join(c, [oneOf(c['any_'], value), noneOf(c['not_any_'], value)])
export const name = (value: string) => (c: Criteria) =>
  join(c, [oneOf(c['any_'], value), contains(c['like_'], value)])
export const orNull = (value: unknown) => (c: Criteria) =>
  join(c, [oneOf(c['any_'], value), isNull(c['is_null_'], value)])
export const time = (value: number | null) => (c: Criteria) =>
  join(c, [within(c, value), isNull(c['is_null_'], value)])

export const tagged = (tags: string[]) => (c: Criteria) =>
  join(c, [
    c['all_']?.length ? c['all_'].every((tag: string) => tags.includes(tag)) : undefined,
    absent(c['any_']) ? undefined : c['any_'].some((tag: string) => tags.includes(tag)),
    absent(c['is_null_']) ? undefined : (tags.length === 0) === c['is_null_'],
  ])

export const state = (run: { state_type: unknown; state_name: unknown }) => (c: Criteria) =>
  join(c, [
    absent(c['type']) ? undefined : list(run.state_type)(c['type']),
    absent(c['name']) ? undefined : list(run.state_name)(c['name']),
  ])

import type { Arguments, Expression, Filter, Target } from './syntax.ts'
import { fail, quoted } from './token-stream.ts'
import type { TokenStream } from './token-stream.ts'

const COMPARISONS = ['==', '!=', '<', '<=', '>', '>=']
const CONSTANTS = new Map([
  ['true', true],
  ['True', true],
  ['false', false],
  ['False', false],
  ['none', null],
  ['None', null],
])
const MOST_NESTED = 100
/** Operators, members and calls in one tag: each may lie inside of the one after it. */
const MOST_LINKS = 1000
const MOST_DIGITS = 4300

interface TupleOptions {
  /** Only names and the like: what can be assigned to. */
  simple?: boolean
  /** Whether `a if b` may stand in it. */
  choices?: boolean
  parenthesised?: boolean
  ends?: readonly string[]
}

/** Reads expressions off a stream, by the precedence of Jinja. */
export class ExpressionParser {
  readonly #tokens: TokenStream
  #depth = 0
  #links = 0

  constructor(tokens: TokenStream) {
    this.#tokens = tokens
  }

  expression(choices = true): Expression {
    if (++this.#depth > MOST_NESTED) fail('the expression is nested too deeply')
    const read = choices ? this.#choice() : this.#or()
    this.#depth--
    return read
  }

  /** Called at the head of each tag. */
  startTag(): void {
    this.#links = 0
  }

  #link(): void {
    if (++this.#links > MOST_LINKS) fail('the expression is too long')
  }

  /** One expression, or several with commas between. */
  tuple({ simple, choices = true, parenthesised, ends = [] }: TupleOptions = {}): Expression {
    const tokens = this.#tokens
    const items: Expression[] = []
    let comma = false
    let several = false
    for (;;) {
      if (items.length > 0 && !comma) break
      if (tokens.is('variable_end', 'block_end', ')', ...ends)) break
      items.push(simple ? this.#primary() : this.expression(choices))
      comma = tokens.skip(',')
      several ||= comma
    }
    if (!several && items[0]) return items[0]
    if (items.length === 0 && !parenthesised) fail(`Expected an expression, got ${tokens.description}`)
    return { kind: 'tuple', items }
  }

  /** What something is assigned to. */
  target({ tuple = true, member = false, ends = [] as string[] } = {}): Target {
    const tokens = this.#tokens
    if (member && tokens.current.type === 'name' && tokens.following.type === '.') {
      const of = tokens.next().value
      tokens.next()
      return { kind: 'member', of, name: tokens.expect('name').value }
    }
    if (!tuple) return { kind: 'name', name: tokens.expect('name').value }
    return assignable(this.tuple({ simple: true, ends }))
  }

  /** `name(args) | name …` behind a bar or at the head of a block. */
  filter(of: Expression | undefined, headless = false): Expression | undefined {
    const tokens = this.#tokens
    let filtered = of
    for (let first = headless; first || tokens.skip('|'); first = false) {
      this.#link()
      const name = this.#dottedName()
      const given = tokens.is('(') ? this.arguments() : NOTHING
      filtered = { kind: 'filter', ...(filtered && { of: filtered }), name, given }
    }
    return filtered
  }

  blockFilter(): Filter {
    return this.filter(undefined, true) as Filter
  }

  arguments(): Arguments {
    const tokens = this.#tokens
    const given: Arguments = { positional: [], named: [] }
    tokens.expect('(')
    while (!tokens.is(')')) {
      if (given.positional.length + given.named.length > 0 || given.rest || given.options) {
        tokens.expect(',')
        if (tokens.is(')')) break
      }
      if (tokens.skip('*')) {
        if (given.rest || given.options) fail('invalid syntax for function call expression')
        given.rest = this.expression()
      } else if (tokens.skip('**')) {
        if (given.options) fail('invalid syntax for function call expression')
        given.options = this.expression()
      } else if (tokens.current.type === 'name' && tokens.following.type === '=') {
        if (given.options) fail('invalid syntax for function call expression')
        const name = tokens.next().value
        tokens.next()
        given.named.push([name, this.expression()])
      } else {
        if (given.rest || given.options || given.named.length > 0)
          fail('invalid syntax for function call expression')
        given.positional.push(this.expression())
      }
    }
    tokens.expect(')')
    return given
  }

  #choice(): Expression {
    let value = this.#or()
    while (this.#tokens.skip('name:if')) {
      this.#link()
      const test = this.#or()
      const otherwise = this.#tokens.skip('name:else') ? this.expression() : undefined
      value = { kind: 'choice', test, met: value, ...(otherwise && { otherwise }) }
    }
    return value
  }

  #or(): Expression {
    let left = this.#and()
    while (this.#tokens.skip('name:or')) {
      this.#link()
      left = { kind: 'or', left, right: this.#and() }
    }
    return left
  }

  #and(): Expression {
    let left = this.#not()
    while (this.#tokens.skip('name:and')) {
      this.#link()
      left = { kind: 'and', left, right: this.#not() }
    }
    return left
  }

  #not(): Expression {
    let times = 0
    while (this.#tokens.skip('name:not')) {
      this.#link()
      times++
    }
    let value = this.#compare()
    for (; times > 0; times--) value = { kind: 'not', of: value }
    return value
  }

  #compare(): Expression {
    const tokens = this.#tokens
    const first = this.#sum()
    const rest: [string, Expression][] = []
    for (;;) {
      if (tokens.is(...COMPARISONS)) rest.push([tokens.next().type, this.#sum()])
      else if (tokens.skip('name:in')) rest.push(['in', this.#sum()])
      else if (tokens.is('name:not') && tokens.following.value === 'in') {
        tokens.next()
        tokens.next()
        rest.push(['not in', this.#sum()])
      } else break
    }
    return rest.length === 0 ? first : { kind: 'compare', first, rest }
  }

  #sum(): Expression {
    return this.#binary(['+', '-'], () => this.#concatenation())
  }

  #concatenation(): Expression {
    const parts = [this.#product()]
    while (this.#tokens.skip('~')) parts.push(this.#product())
    return parts.length === 1 ? (parts[0] as Expression) : { kind: 'concatenation', parts }
  }

  #product(): Expression {
    return this.#binary(['*', '/', '//', '%'], () => this.#binary(['**'], () => this.#unary()))
  }

  #binary(operators: readonly string[], operand: () => Expression): Expression {
    let left = operand()
    while (this.#tokens.is(...operators)) {
      this.#link()
      left = { kind: 'binary', operator: this.#tokens.next().type, left, right: operand() }
    }
    return left
  }

  #unary(filtered = true): Expression {
    const tokens = this.#tokens
    if (++this.#depth > MOST_NESTED) fail('the expression is nested too deeply')
    const sign = tokens.is('-', '+') ? tokens.next().type : undefined
    const operand = sign === undefined ? this.#primary() : this.#unary(false)
    const signed: Expression =
      sign === undefined ? operand : { kind: sign === '-' ? 'negative' : 'positive', of: operand }
    this.#depth--
    const value = this.#postfix(signed)
    return filtered ? this.#filtersAndTests(value) : value
  }

  #primary(): Expression {
    const tokens = this.#tokens
    const { type, value } = tokens.current
    switch (type) {
      case 'name':
        tokens.next()
        return CONSTANTS.has(value)
          ? { kind: 'constant', value: CONSTANTS.get(value) as boolean | null }
          : { kind: 'name', name: value }
      case 'string': {
        let text = ''
        while (tokens.is('string')) text += tokens.next().value
        return { kind: 'constant', value: text }
      }
      case 'integer':
        tokens.next()
        if (value.length > MOST_DIGITS) fail('the number has too many digits')
        return { kind: 'constant', value: BigInt(value.replaceAll('_', '')) }
      case 'float':
        tokens.next()
        return { kind: 'constant', value: Number(value.replaceAll('_', '')) }
      case '(': {
        tokens.next()
        const inner = this.tuple({ parenthesised: true })
        tokens.expect(')')
        return inner
      }
      case '[':
        tokens.next()
        return { kind: 'list', items: this.#separated(']', () => this.expression()) }
      case '{':
        tokens.next()
        return { kind: 'dict', entries: this.#separated('}', () => this.#entry()) }
      default:
        return fail(`unexpected ${tokens.description}`)
    }
  }

  #entry(): [Expression, Expression] {
    const key = this.expression()
    this.#tokens.expect(':')
    return [key, this.expression()]
  }

  #separated<Item>(end: string, read: () => Item): Item[] {
    const items: Item[] = []
    while (!this.#tokens.is(end)) {
      if (items.length > 0) this.#tokens.expect(',')
      if (this.#tokens.is(end)) break
      items.push(read())
    }
    this.#tokens.expect(end)
    return items
  }

  #postfix(value: Expression): Expression {
    const tokens = this.#tokens
    let read = value
    for (; ; this.#link()) {
      if (tokens.is('.')) read = this.#member(read)
      else if (tokens.is('[')) read = this.#item(read)
      else if (tokens.is('(')) read = { kind: 'call', callee: read, given: this.arguments() }
      else return read
    }
  }

  #filtersAndTests(value: Expression): Expression {
    const tokens = this.#tokens
    let read = value
    for (; ; this.#link()) {
      if (tokens.is('|')) read = this.filter(read) as Expression
      else if (tokens.is('name:is')) read = this.#test(read)
      else if (tokens.is('(')) read = { kind: 'call', callee: read, given: this.arguments() }
      else return read
    }
  }

  #member(of: Expression): Expression {
    const tokens = this.#tokens
    tokens.next()
    const { type, value } = tokens.next()
    if (type === 'name') return { kind: 'attribute', of, name: value }
    if (type !== 'integer') fail('expected name or number')
    return { kind: 'item', of, key: { kind: 'constant', value: BigInt(value) } }
  }

  #item(of: Expression): Expression {
    const tokens = this.#tokens
    tokens.next()
    const keys: Expression[] = []
    while (!tokens.is(']')) {
      if (keys.length > 0) tokens.expect(',')
      keys.push(this.#subscript())
    }
    tokens.expect(']')
    const [key] = keys
    return { kind: 'item', of, key: keys.length === 1 && key ? key : { kind: 'tuple', items: keys } }
  }

  #subscript(): Expression {
    const tokens = this.#tokens
    const bound = () => (tokens.is(':', ']', ',') ? undefined : this.expression())
    const start = bound()
    if (!tokens.skip(':')) return start ?? fail('expected subscript expression')
    const stop = bound()
    const step = tokens.skip(':') ? bound() : undefined
    return { kind: 'slice', ...(start && { start }), ...(stop && { stop }), ...(step && { step }) }
  }

  #test(of: Expression): Expression {
    const tokens = this.#tokens
    tokens.next()
    const negated = tokens.skip('name:not')
    const name = this.#dottedName()
    let given = NOTHING
    if (tokens.is('(')) given = this.arguments()
    else if (
      tokens.is('name', 'string', 'integer', 'float', '[', '{') &&
      !tokens.is('name:else', 'name:or', 'name:and')
    ) {
      if (tokens.is('name:is')) fail('You cannot chain multiple tests with is')
      given = { positional: [this.#postfix(this.#primary())], named: [] }
    }
    const test: Expression = { kind: 'test', of, name, given }
    return negated ? { kind: 'not', of: test } : test
  }

  #dottedName(): string {
    let name = this.#tokens.expect('name').value
    while (this.#tokens.skip('.')) name += `.${this.#tokens.expect('name').value}`
    return name
  }
}

const NOTHING: Arguments = { positional: [], named: [] }

const CLASSES: { [kind: string]: string } = { constant: 'const', item: 'getitem', attribute: 'getattr' }

function assignable(read: Expression): Target {
  if (read.kind === 'name') return read
  if (read.kind === 'tuple') return { kind: 'tuple', items: read.items.map(assignable) }
  return fail(`can't assign to ${quoted(CLASSES[read.kind] ?? read.kind)}`)
}

import { Budget } from './budget.ts'
import { applyFilter } from './filters.ts'
import type { FilterContext } from './filters.ts'
import { methodOf } from './methods.ts'
import { binary, compares } from './operators.ts'
import type { Scope } from './scope.ts'
import type { Arguments, Expression } from './syntax.ts'
import { TemplateRenderError, typeError } from './template-errors.ts'
import { testOf } from './tests.ts'
import {
  Callable,
  either,
  fromJson,
  hashable,
  isNumber,
  isTrue,
  itemsOf,
  Namespace,
  numeric,
  repr,
  textOf,
  Tuple,
  typeName,
  Undefined,
  wholeNumber,
} from './values.ts'
import type { Given, Value } from './values.ts'

const MOST_CALLS_NESTED = 40

/** Reckons expressions of one rendering. */
export class Evaluator implements FilterContext {
  readonly budget = new Budget()
  #calls = 0

  evaluate(expression: Expression, scope: Scope): Value {
    this.budget.step()
    return this.budget.keep(this.#valueOf(expression, scope))
  }

  #valueOf(expression: Expression, scope: Scope): Value {
    switch (expression.kind) {
      case 'constant':
        return expression.value
      case 'name':
        return either(scope.get(expression.name), new Undefined(`${repr(expression.name)} is undefined`))
      case 'list':
        return expression.items.map((item) => this.evaluate(item, scope))
      case 'tuple':
        return new Tuple(expression.items.map((item) => this.evaluate(item, scope)))
      case 'dict':
        return new Map(
          expression.entries.map(([key, value]) => [
            hashable(this.evaluate(key, scope)),
            this.evaluate(value, scope),
          ]),
        )
      case 'attribute':
        return this.#member(this.evaluate(expression.of, scope), expression.name)
      case 'item':
        return this.#itemOf(this.evaluate(expression.of, scope), expression.key, scope)
      case 'slice':
        throw typeError('a slice is not a value')
      case 'call':
        return this.call(this.evaluate(expression.callee, scope), this.given(expression.given, scope))
      case 'filter': {
        const value = expression.of ? this.evaluate(expression.of, scope) : ''
        return applyFilter(expression.name, value, this.given(expression.given, scope), this)
      }
      case 'test':
        return this.test(
          expression.name,
          this.evaluate(expression.of, scope),
          this.given(expression.given, scope),
        )
      case 'not':
        return !isTrue(this.evaluate(expression.of, scope))
      case 'negative':
      case 'positive':
        return signed(expression.kind, this.evaluate(expression.of, scope))
      case 'and': {
        const left = this.evaluate(expression.left, scope)
        return isTrue(left) ? this.evaluate(expression.right, scope) : left
      }
      case 'or': {
        const left = this.evaluate(expression.left, scope)
        return isTrue(left) ? left : this.evaluate(expression.right, scope)
      }
      case 'binary':
        return this.#binary(expression, scope)
      case 'compare':
        return this.#compare(expression, scope)
      case 'concatenation':
        return this.#joined(expression.parts, scope)
      case 'choice':
        if (isTrue(this.evaluate(expression.test, scope))) return this.evaluate(expression.met, scope)
        return expression.otherwise
          ? this.evaluate(expression.otherwise, scope)
          : new Undefined('the inline if-expression evaluated to false and no else section was defined.')
    }
  }

  given({ positional, named, rest, options }: Arguments, scope: Scope): Given {
    const given: Given = {
      positional: positional.map((each) => this.evaluate(each, scope)),
      named: new Map(named.map(([name, value]) => [name, this.evaluate(value, scope)])),
    }
    if (rest) given.positional.push(...itemsOf(this.evaluate(rest, scope)))
    const more = options && this.evaluate(options, scope)
    if (more instanceof Map) for (const [key, value] of more) given.named.set(textOf(key), value)
    return given
  }

  call(callee: Value, given: Given): Value {
    if (callee instanceof Undefined) callee.refuse()
    if (!(callee instanceof Callable)) throw typeError(`'${typeName(callee)}' object is not callable`)
    this.budget.step()
    if (++this.#calls > MOST_CALLS_NESTED) {
      throw new TemplateRenderError('RecursionError', 'maximum recursion depth exceeded')
    }
    const result = callee.call(given)
    this.#calls--
    return result
  }

  /** A path of attributes and indexes, as filters take it: `a.b`, `0`, `a.0`. */
  attribute(of: Value, path: Value): Value {
    if (typeof path !== 'string') return this.#item(of, path)
    return path.split('.').reduce((value: Value, part) => {
      this.budget.step()
      return this.#item(value, /^\d+$/.test(part) ? BigInt(part) : part)
    }, of)
  }

  filter(name: string, value: Value, given: Given): Value {
    return applyFilter(name, value, given, this)
  }

  test(name: string, value: Value, { positional }: Given): boolean {
    const test = testOf(name)
    if (!test) throw new TemplateRenderError('TemplateAssertionError', `No test named ${repr(name)}.`)
    return test(value, either(positional[0], null))
  }

  #joined(parts: readonly Expression[], scope: Scope): string {
    const texts = parts.map((part) => {
      const value = this.evaluate(part, scope)
      this.budget.look(value)
      return textOf(value)
    })
    return texts.join('')
  }

  #binary({ operator, left, right }: Extract<Expression, { kind: 'binary' }>, scope: Scope): Value {
    const one = this.evaluate(left, scope)
    const other = this.evaluate(right, scope)
    if (operator === '%') this.budget.look(other)
    return binary(operator, one, other, this.budget)
  }

  #compare({ first, rest }: Extract<Expression, { kind: 'compare' }>, scope: Scope): boolean {
    let left = this.evaluate(first, scope)
    for (const [operator, operand] of rest) {
      const right = this.evaluate(operand, scope)
      this.budget.look(left)
      this.budget.look(right)
      if (!compares(operator, left, right)) return false
      left = right
    }
    return true
  }

  /** `of.name`: what a value can do comes before what it holds. */
  #member(of: Value, name: string): Value {
    if (of instanceof Undefined) return of
    if (of instanceof Namespace) return either(of.members.get(name), missing(of, name))
    if (of instanceof Callable) return either(of.members?.get(name), missing(of, name))
    const method = methodOf(of, name, this.budget)
    if (method) this.budget.look(of)
    if (method) return method
    if (of instanceof Tuple && of.names.includes(name)) return of.items[of.names.indexOf(name)] as Value
    return either(of instanceof Map ? of.get(name) : undefined, missing(of, name))
  }

  #itemOf(of: Value, key: Expression, scope: Scope): Value {
    if (key.kind !== 'slice') return this.#item(of, this.evaluate(key, scope))
    const bound = (expression: Expression | undefined) => {
      const value = expression && this.evaluate(expression, scope)
      return value === undefined || value === null ? undefined : wholeNumber(value)
    }
    return sliced(of, bound(key.start), bound(key.stop), bound(key.step) ?? 1)
  }

  #item(of: Value, key: Value): Value {
    if (of instanceof Undefined) return of
    if (of instanceof Map) {
      const found = Array.isArray(key) || key instanceof Map ? undefined : of.get(hashable(key))
      if (found !== undefined) return found
    } else if (
      typeof key === 'bigint' &&
      (typeof of === 'string' || Array.isArray(of) || of instanceof Tuple)
    ) {
      return either(itemsOf(of).at(wholeNumber(key)), missing(of, key))
    }
    return typeof key === 'string' ? this.#member(of, key) : missing(of, key)
  }
}

/** What Python's lists and dicts would change themselves by. */
const CHANGING = /^(append|clear|pop|reverse|insert|sort|extend|remove|popitem|setdefault|update)$/

function missing(of: Value, key: Value): Undefined {
  const changes = typeof key === 'string' && CHANGING.test(key) && (Array.isArray(of) || of instanceof Map)
  if (changes || (typeof key === 'string' && key.startsWith('_'))) {
    const hint = `access to attribute ${repr(key)} of ${repr(typeName(of))} object is unsafe.`
    return new Undefined(hint, 'SecurityError')
  }
  const kind = of === null ? 'None' : `${typeName(of)} object`
  if (typeof key !== 'string') return new Undefined(`${kind} has no element ${repr(key)}`)
  return new Undefined(`${repr(kind)} has no attribute ${repr(key)}`)
}

function signed(kind: 'negative' | 'positive', value: Value): Value {
  if (value instanceof Undefined) value.refuse()
  if (!isNumber(value)) {
    throw typeError(`bad operand type for unary ${kind === 'negative' ? '-' : '+'}: '${typeName(value)}'`)
  }
  const number = numeric(value)
  return kind === 'negative' ? -number : number
}

function sliced(of: Value, start: number | undefined, stop: number | undefined, step: number): Value {
  if (of instanceof Undefined) return of
  if (typeof of !== 'string' && !Array.isArray(of) && !(of instanceof Tuple)) {
    return new Undefined(`${typeName(of)} object has no element slice`)
  }
  if (step === 0) throw new TemplateRenderError('ValueError', 'slice step cannot be zero')
  const items = itemsOf(of)
  const size = items.length
  const [least, most] = step > 0 ? [0, size] : [-1, size - 1]
  const clamped = (at: number) => Math.min(most, Math.max(least, at < 0 ? at + size : at))
  const from = start === undefined ? (step > 0 ? least : most) : clamped(start)
  const to = stop === undefined ? (step > 0 ? most : least) : clamped(stop)
  const kept: Value[] = []
  for (let at = from; step > 0 ? at < to : at > to; at += step) kept.push(items[at] as Value)
  if (typeof of === 'string') return kept.join('')
  return of instanceof Tuple ? new Tuple(kept) : kept
}

/** A context of JSON as the names of an outermost scope. */
export function bindJson(scope: Scope, context: { [name: string]: Parameters<typeof fromJson>[0] }): void {
  for (const [name, value] of Object.entries(context)) scope.set(name, fromJson(value))
}

import type { JsonObject } from '@reeve/schemas/json'
import { bindJson, Evaluator } from './evaluate.ts'
import { GLOBALS } from './globals.ts'
import { loopVariable } from './loop.ts'
import { parseTemplate } from './parse-template.ts'
import { Scope } from './scope.ts'
import type { ForLoop, Signature, Statement, Target } from './syntax.ts'
import { TemplateRenderError, TemplateSyntaxError, typeError } from './template-errors.ts'
import { Callable, either, isTrue, itemsOf, Namespace, repr, textOf, typeName, Undefined } from './values.ts'
import type { Given, Value } from './values.ts'

const MOST_LOOPS = 10
const DEEPEST_LOOP = 2

/** What is wrong with a template before it is rendered: its syntax, or too many loops; undefined when nothing. */
export function templateFault(source: string): string | undefined {
  try {
    return loopFault(parseTemplate(source))
  } catch (error) {
    if (error instanceof TemplateSyntaxError) return error.message
    if (error instanceof RangeError) return 'the template is nested too deeply'
    throw error
  }
}

/**
 * Renders a template of the Jinja language with these names. A text without `{{` and `{%` is no template and
 * comes back as it is. Bounded in time and in what it makes.
 */
export function renderTemplate(source: string, context: JsonObject): { text: string } | { error: string } {
  if (!source.includes('{{') && !source.includes('{%')) return { text: source }
  try {
    const statements = parseTemplate(source)
    return { text: new Renderer().render(statements, context) }
  } catch (error) {
    if (error instanceof TemplateSyntaxError) return { error: told(error.name, error.message) }
    if (error instanceof TemplateRenderError) return { error: told(error.kind, error.message) }
    if (error instanceof RangeError) return { error: told('RecursionError', error.message) }
    throw error
  }
}

const told = (kind: string, message: string) =>
  `Failed to render template due to the following error: ${kind}(${repr(message)})`

class Renderer {
  readonly #evaluator = new Evaluator()
  #loops = 0

  render(statements: readonly Statement[], context: JsonObject): string {
    const globals = new Scope()
    for (const callable of GLOBALS) globals.set(callable.name, callable)
    const scope = new Scope(globals)
    bindJson(scope, context)
    return this.#all(statements, scope)
  }

  #all(statements: readonly Statement[], scope: Scope): string {
    const parts = statements.map((statement) => this.#one(statement, scope))
    return this.#evaluator.budget.text(parts.join(''))
  }

  #one(statement: Statement, scope: Scope): string {
    const evaluator = this.#evaluator
    switch (statement.kind) {
      case 'text':
        evaluator.budget.step()
        return statement.text
      case 'print':
        return this.#printed(evaluator.evaluate(statement.value, scope))
      case 'if': {
        const met = statement.branches.find(({ test }) => isTrue(evaluator.evaluate(test, scope)))
        return this.#all(met?.body ?? statement.otherwise, scope)
      }
      case 'for':
        return this.#loop(statement, scope)
      case 'set':
        assign(statement.target, evaluator.evaluate(statement.value, scope), scope)
        return ''
      case 'set block': {
        const text = this.#all(statement.body, new Scope(scope))
        const value = statement.filter ? this.#filtered(statement.filter, text, scope) : text
        assign(statement.target, value, scope)
        return ''
      }
      case 'with': {
        const inner = new Scope(scope)
        for (const [target, value] of statement.bindings)
          assign(target, evaluator.evaluate(value, scope), inner)
        return this.#all(statement.body, inner)
      }
      case 'filter block':
        return textOf(this.#filtered(statement.filter, this.#all(statement.body, new Scope(scope)), scope))
      case 'scope':
        return this.#all(statement.body, new Scope(scope))
      case 'macro':
        scope.set(statement.name, this.#macro(statement.name, statement, scope))
        return ''
      case 'call block': {
        const { call } = statement
        if (call.kind !== 'call') throw typeError('expected call')
        const given = evaluator.given(call.given, scope)
        given.named.set('caller', this.#macro('caller', statement, scope))
        return textOf(evaluator.call(evaluator.evaluate(call.callee, scope), given))
      }
      case 'load':
        throw typeError('no loader for this environment specified')
    }
  }

  #printed(value: Value): string {
    this.#evaluator.budget.look(value)
    return textOf(value)
  }

  /** A chain of filters with the text of a block in its innermost place. */
  #filtered(
    filter: Extract<Statement, { kind: 'filter block' }>['filter'],
    text: string,
    scope: Scope,
  ): Value {
    const { of, name, given } = filter
    const value = of?.kind === 'filter' ? this.#filtered(of, text, scope) : text
    return this.#evaluator.filter(name, value, this.#evaluator.given(given, scope))
  }

  #loop({ target, over, test, body, otherwise }: ForLoop, scope: Scope): string {
    const evaluator = this.#evaluator
    const all = itemsOf(evaluator.evaluate(over, scope))
    const items = test
      ? all.filter((item) => {
          const inner = new Scope(scope)
          assign(target, item, inner)
          return isTrue(evaluator.evaluate(test, inner))
        })
      : all
    if (items.length === 0) return this.#all(otherwise, new Scope(scope))
    const seen = { last: undefined }
    this.#loops++
    const rounds = items.map((item, index) => {
      const inner = new Scope(scope)
      assign(target, item, inner)
      inner.set('loop', loopVariable(items, index, this.#loops, seen, evaluator.budget))
      return this.#all(body, inner)
    })
    this.#loops--
    return evaluator.budget.text(rounds.join(''))
  }

  #macro(name: string, { parameters, body }: Signature, scope: Scope): Callable {
    const evaluator = this.#evaluator
    return new Callable(name, ({ positional, named }: Given) => {
      const inner = new Scope(scope)
      if (positional.length > parameters.length) {
        throw typeError(`macro ${repr(name)} takes not more than ${parameters.length} argument(s)`)
      }
      const left = new Map(named)
      for (const [index, { name: parameter, fallback }] of parameters.entries()) {
        const given = positional[index] === undefined ? left.get(parameter) : positional[index]
        const absent = new Undefined(`parameter ${repr(parameter)} was not provided`)
        left.delete(parameter)
        inner.set(
          parameter,
          given === undefined && fallback ? evaluator.evaluate(fallback, inner) : either(given, absent),
        )
      }
      for (const [extra, value] of left) {
        if (extra !== 'caller')
          throw typeError(`macro ${repr(name)} takes no keyword argument ${repr(extra)}`)
        inner.set('caller', value)
      }
      return this.#all(body, inner)
    })
  }
}

function assign(target: Target, value: Value, scope: Scope): void {
  if (target.kind === 'name') scope.set(target.name, value)
  else if (target.kind === 'member') {
    const of = scope.get(target.of)
    if (!(of instanceof Namespace)) {
      throw new TemplateRenderError('TemplateRuntimeError', 'cannot assign attribute on non-namespace object')
    }
    of.members.set(target.name, value)
  } else {
    if (
      value === null ||
      typeof value === 'boolean' ||
      typeof value === 'bigint' ||
      typeof value === 'number'
    )
      throw typeError(`cannot unpack non-iterable ${typeName(value)} object`)
    const items = itemsOf(value)
    const wanted = target.items.length
    if (items.length !== wanted) throw wrongCount(items.length, wanted)
    for (const [index, each] of target.items.entries()) assign(each, items[index] as Value, scope)
  }
}

function wrongCount(given: number, wanted: number): TemplateRenderError {
  return new TemplateRenderError(
    'ValueError',
    given < wanted
      ? `not enough values to unpack (expected ${wanted}, got ${given})`
      : `too many values to unpack (expected ${wanted})`,
  )
}

function loopFault(statements: readonly Statement[]): string | undefined {
  const depths = loopDepths(statements, 0)
  if (depths.length > MOST_LOOPS) {
    return `Contains ${depths.length} for loops. Templates can contain no more than ${MOST_LOOPS} for loops.`
  }
  const deepest = Math.max(0, ...depths)
  return deepest > DEEPEST_LOOP
    ? `Contains nested for loops at a depth of ${deepest}. Templates can nest for loops no more than ${DEEPEST_LOOP} loops deep.`
    : undefined
}

/** How deep each loop lies in others, itself counted. */
function loopDepths(statements: readonly Statement[], outside: number): number[] {
  return statements.flatMap((statement) => {
    const depth = statement.kind === 'for' ? outside + 1 : outside
    const bodies = 'branches' in statement ? statement.branches : 'body' in statement ? [statement] : []
    const inner = bodies.flatMap(({ body }) => loopDepths(body, depth))
    const otherwise = 'otherwise' in statement ? loopDepths(statement.otherwise, depth) : []
    return [...(statement.kind === 'for' ? [depth] : []), ...inner, ...otherwise]
  })
}

import { tokensOf } from './lexer.ts'
import { ExpressionParser } from './parse-expression.ts'
import type { Expression, ForLoop, Signature, Statement, Target } from './syntax.ts'
import { described, fail, quoted, TokenStream } from './token-stream.ts'

const MOST_BLOCKS_NESTED = 60

/** Reads a template. Throws a TemplateSyntaxError. */
export function parseTemplate(source: string): Statement[] {
  return new TemplateParser(source).template()
}

class TemplateParser {
  readonly #tokens: TokenStream
  readonly #expressions: ExpressionParser
  /** Tags that are open, and what may close each. */
  readonly #open: string[] = []
  readonly #ends: string[][] = []

  constructor(source: string) {
    this.#tokens = new TokenStream(tokensOf(source))
    this.#expressions = new ExpressionParser(this.#tokens)
  }

  template(): Statement[] {
    return this.#until([])
  }

  /** Statements up to one of the tags, whose name is then current; without any, up to the end. */
  #until(ends: string[]): Statement[] {
    const tokens = this.#tokens
    const body: Statement[] = []
    if (ends.length > 0) this.#ends.push(ends)
    if (this.#ends.length > MOST_BLOCKS_NESTED) fail('the blocks are nested too deeply')
    while (tokens.current.type !== 'eof') {
      const { type, value } = tokens.next()
      this.#expressions.startTag()
      if (type === 'data') body.push({ kind: 'text', text: value })
      else if (type === 'variable_begin') {
        body.push({ kind: 'print', value: this.#expressions.tuple() })
        tokens.expect('variable_end')
      } else {
        if (ends.length > 0 && tokens.is(...ends)) {
          this.#ends.pop()
          return body
        }
        body.push(this.#statement())
        tokens.expect('block_end')
      }
    }
    if (ends.length > 0) this.#failAtTag(undefined)
    return body
  }

  /** The body of a block: from the end of its tag to one of these, whose name is read. */
  #body(...ends: string[]): { body: Statement[]; end: string } {
    this.#tokens.expect('block_end')
    const body = this.#until(ends)
    return { body, end: this.#tokens.next().value }
  }

  #statement(): Statement {
    const tokens = this.#tokens
    if (tokens.current.type !== 'name') fail('tag name expected')
    const tag = tokens.next().value
    this.#open.push(tag)
    const statement = this.#tagged(tag)
    this.#open.pop()
    return statement
  }

  #tagged(tag: string): Statement {
    const tokens = this.#tokens
    const expressions = this.#expressions
    switch (tag) {
      case 'if':
        return this.#if()
      case 'for':
        return this.#for()
      case 'set':
        return this.#set()
      case 'print':
        return { kind: 'print', value: expressions.tuple() }
      case 'with':
        return this.#with()
      case 'filter': {
        const filter = expressions.blockFilter()
        return { kind: 'filter block', filter, body: this.#body('name:endfilter').body }
      }
      case 'autoescape':
        return fail('autoescape is not supported')
      case 'block': {
        tokens.expect('name')
        while (tokens.is('name:scoped', 'name:required')) tokens.next()
        const { body } = this.#body('name:endblock')
        tokens.skip('name')
        return { kind: 'scope', body }
      }
      case 'macro': {
        const name = tokens.expect('name').value
        const parameters = this.#parameters()
        return { kind: 'macro', name, parameters, body: this.#body('name:endmacro').body }
      }
      case 'call': {
        const parameters = tokens.is('(') ? this.#parameters() : []
        const call = expressions.expression()
        if (call.kind !== 'call') fail('expected call')
        return { kind: 'call block', call, parameters, body: this.#body('name:endcall').body }
      }
      case 'extends':
      case 'include':
      case 'import':
      case 'from':
        expressions.expression()
        while (!tokens.is('block_end', 'eof')) tokens.next()
        return { kind: 'load' }
      default:
        this.#open.pop()
        return this.#failAtTag(tag)
    }
  }

  #if(): Statement {
    const branches: { test: Expression; body: Statement[] }[] = []
    let end = 'elif'
    while (end === 'elif') {
      const test = this.#expressions.tuple({ choices: false })
      const read = this.#body('name:elif', 'name:else', 'name:endif')
      branches.push({ test, body: read.body })
      end = read.end
    }
    const otherwise = end === 'else' ? this.#body('name:endif').body : []
    return { kind: 'if', branches, otherwise }
  }

  #for(): ForLoop {
    const tokens = this.#tokens
    const expressions = this.#expressions
    const target = expressions.target({ ends: ['name:in'] })
    tokens.expect('name:in')
    const over = expressions.tuple({ choices: false, ends: ['name:recursive'] })
    const test = tokens.skip('name:if') ? expressions.expression() : undefined
    if (tokens.is('name:recursive')) fail('recursive loops are not supported')
    const { body, end } = this.#body('name:endfor', 'name:else')
    const otherwise = end === 'else' ? this.#body('name:endfor').body : []
    return { kind: 'for', target, over, test, body, otherwise }
  }

  #set(): Statement {
    const target = this.#expressions.target({ member: true })
    if (this.#tokens.skip('=')) return { kind: 'set', target, value: this.#expressions.tuple() }
    const filter = this.#expressions.filter(undefined)
    const { body } = this.#body('name:endset')
    return { kind: 'set block', target, filter: filter as never, body }
  }

  #with(): Statement {
    const tokens = this.#tokens
    const bindings: [Target, Expression][] = []
    while (!tokens.is('block_end')) {
      if (bindings.length > 0) tokens.expect(',')
      const target = this.#expressions.target()
      tokens.expect('=')
      bindings.push([target, this.#expressions.expression()])
    }
    return { kind: 'with', bindings, body: this.#body('name:endwith').body }
  }

  #parameters(): Signature['parameters'] {
    const tokens = this.#tokens
    const parameters: Signature['parameters'] = []
    tokens.expect('(')
    while (!tokens.is(')')) {
      if (parameters.length > 0) tokens.expect(',')
      const { name } = this.#expressions.target({ tuple: false }) as { name: string }
      const fallback = tokens.skip('=') ? this.#expressions.expression() : undefined
      if (!fallback && parameters.at(-1)?.fallback) fail('non-default argument follows default argument')
      parameters.push({ name, ...(fallback && { fallback }) })
    }
    tokens.expect(')')
    return parameters
  }

  /** `tag`: undefined at the end of the template. */
  #failAtTag(tag: string | undefined): never {
    const ends = this.#ends.at(-1)?.map((end) => quoted(described(end)))
    const parts = [
      tag === undefined ? 'Unexpected end of template.' : `Encountered unknown tag ${quoted(tag)}.`,
    ]
    if (ends && this.#ends.flat().includes(`name:${tag}`)) {
      parts.push(
        `You probably made a nesting mistake. Jinja is expecting this tag, but currently looking for ${ends.join(' or ')}.`,
      )
    } else if (ends) {
      parts.push(`Jinja was looking for the following tags: ${ends.join(' or ')}.`)
    }
    const innermost = this.#open.at(-1)
    if (innermost !== undefined) {
      parts.push(`The innermost block that needs to be closed is ${quoted(innermost)}.`)
    }
    return fail(parts.join(' '))
  }
}

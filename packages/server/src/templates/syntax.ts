/** What a template is made of, as its parser says and its renderer reads. */
export type Expression =
  | { kind: 'constant'; value: string | bigint | number | boolean | null }
  | { kind: 'name'; name: string }
  | { kind: 'list' | 'tuple'; items: Expression[] }
  | { kind: 'dict'; entries: [key: Expression, value: Expression][] }
  | { kind: 'attribute'; of: Expression; name: string }
  | { kind: 'item'; of: Expression; key: Expression }
  | { kind: 'slice'; start?: Expression; stop?: Expression; step?: Expression }
  | { kind: 'call'; callee: Expression; given: Arguments }
  /** Without `of`, the filter is put to the text of a block. */
  | { kind: 'filter'; of?: Expression; name: string; given: Arguments }
  | { kind: 'test'; of: Expression; name: string; given: Arguments }
  | { kind: 'not' | 'negative' | 'positive'; of: Expression }
  | { kind: 'and' | 'or'; left: Expression; right: Expression }
  | { kind: 'binary'; operator: string; left: Expression; right: Expression }
  | { kind: 'compare'; first: Expression; rest: [operator: string, operand: Expression][] }
  | { kind: 'concatenation'; parts: Expression[] }
  | { kind: 'choice'; test: Expression; met: Expression; otherwise?: Expression }

export interface Arguments {
  positional: Expression[]
  named: [name: string, value: Expression][]
  /** `*rest` and `**options`. */
  rest?: Expression
  options?: Expression
}

export type Target =
  | { kind: 'name'; name: string }
  | { kind: 'tuple'; items: Target[] }
  | { kind: 'member'; of: string; name: string }

export interface Signature {
  parameters: { name: string; fallback?: Expression }[]
  body: Statement[]
}

export type Filter = Extract<Expression, { kind: 'filter' }>

export type Statement =
  | { kind: 'text'; text: string }
  | { kind: 'print'; value: Expression }
  | { kind: 'if'; branches: { test: Expression; body: Statement[] }[]; otherwise: Statement[] }
  | ForLoop
  | { kind: 'set'; target: Target; value: Expression }
  | { kind: 'set block'; target: Target; filter: Filter | undefined; body: Statement[] }
  | { kind: 'with'; bindings: [Target, Expression][]; body: Statement[] }
  | { kind: 'filter block'; filter: Filter; body: Statement[] }
  | { kind: 'scope'; body: Statement[] }
  | ({ kind: 'macro'; name: string } & Signature)
  | ({ kind: 'call block'; call: Expression } & Signature)
  /** `include` and its like: there is nothing to load. */
  | { kind: 'load' }

export interface ForLoop {
  kind: 'for'
  target: Target
  over: Expression
  test: Expression | undefined
  body: Statement[]
  otherwise: Statement[]
}

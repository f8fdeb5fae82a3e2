import {
  ColumnNode,
  OperationNodeTransformer,
  PrimitiveValueListNode,
  ReferenceNode,
  ValueListNode,
  ValueNode,
  ValuesNode,
} from 'kysely'
import type {
  BinaryOperationNode,
  ColumnUpdateNode,
  InsertQueryNode,
  KyselyPlugin,
  OperationNode,
} from 'kysely'
import { encoder } from './codecs.ts'
import type { Dialect, Encoder } from './codecs.ts'
import { queryPlugin } from './query-plugin.ts'

/** Binds every value which is compared with, inserted into or set on a column in that column's form. */
export const codecPlugin = (dialect: Dialect): KyselyPlugin => queryPlugin(new EncodeTransformer(dialect))

class EncodeTransformer extends OperationNodeTransformer {
  readonly #dialect: Dialect

  constructor(dialect: Dialect) {
    super()
    this.#dialect = dialect
  }

  protected override transformBinaryOperation(node: BinaryOperationNode): BinaryOperationNode {
    const encode = this.#encoderOf(node.leftOperand)
    const operation = super.transformBinaryOperation(node)
    return encode ? { ...operation, rightOperand: encodeNode(operation.rightOperand, encode) } : operation
  }

  protected override transformColumnUpdate(node: ColumnUpdateNode): ColumnUpdateNode {
    const encode = this.#encoderOf(node.column)
    const update = super.transformColumnUpdate(node)
    return encode ? { ...update, value: encodeNode(update.value, encode) } : update
  }

  protected override transformInsertQuery(node: InsertQueryNode): InsertQueryNode {
    const encoders = node.columns?.map((column) => encoder(this.#dialect, column.column.name))
    const insert = super.transformInsertQuery(node)
    if (!encoders || !insert.values || !ValuesNode.is(insert.values)) return insert
    const lists = insert.values.values.map((list) => {
      const values = PrimitiveValueListNode.is(list)
        ? list.values.map((value) => ValueNode.create(value))
        : list.values
      return ValueListNode.create(
        values.map((value, index) => {
          const encode = encoders[index]
          return encode ? encodeNode(value, encode) : value
        }),
      )
    })
    return { ...insert, values: ValuesNode.create(lists) }
  }

  #encoderOf(node: OperationNode): Encoder | undefined {
    const column = ReferenceNode.is(node) ? node.column : node
    return ColumnNode.is(column) ? encoder(this.#dialect, column.column.name) : undefined
  }
}

function encodeNode(node: OperationNode, encode: Encoder): OperationNode {
  if (ValueNode.is(node)) return { ...node, value: encode(node.value) } as ValueNode
  if (PrimitiveValueListNode.is(node)) return PrimitiveValueListNode.create(node.values.map(encode))
  if (ValueListNode.is(node))
    return ValueListNode.create(node.values.map((value) => encodeNode(value, encode)))
  return node
}

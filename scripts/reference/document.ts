import { readFileSync } from 'node:fs'
import { parseSync } from 'oxc-parser'

interface Node {
  type: string
  start: number
  end: number
  [property: string]: unknown
}

/** One source file. */
export interface Module {
  source: string
  body: Node[]
  comments: { value: string; end: number }[]
  /** Names that the file itself declares and exports. */
  declared: string[]
  /** Names that it exports from other files. */
  reexported: { name: string; from: string }[]
}

export interface Documented {
  name: string
  /** Markdown. */
  text: string
}

export function readModule(path: string): Module {
  const source = readFileSync(path, 'utf8')
  const { program, comments, errors } = parseSync(path, source)
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]!.message}`)
  const body = program.body as unknown as Node[]
  const exports = body.filter(({ type }) => type === 'ExportNamedDeclaration')
  return {
    source,
    body,
    comments: comments.filter(({ type, value }) => type === 'Block' && value.startsWith('*')),
    declared: [...new Set(exports.flatMap(({ declaration }) => namesOf(declaration as Node | null)))],
    reexported: exports.flatMap(({ source: from, specifiers }) =>
      from
        ? (specifiers as Node[]).map(({ exported }) => ({
            name: (exported as Node)['name'] as string,
            from: (from as Node)['value'] as string,
          }))
        : [],
    ),
  }
}

/** The docstring and the signature of an export. Throws when the module has no such export. */
export function documentOf(module: Module, name: string): Documented {
  const statements = module.body.filter(
    ({ type, declaration }) =>
      type === 'ExportNamedDeclaration' && namesOf(declaration as Node | null).includes(name),
  )
  const [first] = statements
  if (!first) throw new Error(`No export ${name}`)
  const declarations = statements.map(({ declaration }) => declaration as Node)
  // The last of several is the implementation of overloads, which callers do not see.
  const shown = declarations.length > 1 ? declarations.filter(({ body }) => !body) : declarations
  const { prose, examples } = docstring(module, first)
  if (prose === '' && /^[a-z]/.test(name)) throw new Error(`${name} has no docstring`)
  const signatures = shown.map((each) => signature(module, each)).join('\n')
  const shownExamples = examples.map((each) => `\`\`\`ts\n${each}\n\`\`\``)
  return {
    name,
    text: [`### ${name}`, prose, `\`\`\`ts\n${signatures}\n\`\`\``, ...shownExamples]
      .filter(Boolean)
      .join('\n\n'),
  }
}

function namesOf(declaration: Node | null): string[] {
  if (!declaration) return []
  if (declaration.type === 'VariableDeclaration')
    return (declaration['declarations'] as Node[]).map(({ id }) => (id as Node)['name'] as string)
  return [(declaration['id'] as Node)['name'] as string]
}

/** The docstring before a member, as it is in the source, with the line's end. */
function commentBefore({ source, comments }: Module, member: Node): string {
  const comment = comments.find(
    ({ end }) => end <= member.start && /^\s*$/.test(source.slice(end, member.start)),
  )
  return comment ? `/*${comment.value}*/\n  ` : ''
}

function docstring({ source, comments }: Module, statement: Node): { prose: string; examples: string[] } {
  const comment = comments.find(
    ({ end }) => end <= statement.start && /^\s*$/.test(source.slice(end, statement.start)),
  )
  if (!comment) return { prose: '', examples: [] }
  const text = comment.value.replace(/^\*/, '').replaceAll(/^ *\* ?/gm, '')
  const [prose = '', ...examples] = text.split(/^ *@example\s*/m)
  return { prose: prose.trim(), examples: examples.map((each) => each.trim()) }
}

function signature(module: Module, declaration: Node): string {
  const { source } = module
  switch (declaration.type) {
    case 'FunctionDeclaration':
    case 'TSDeclareFunction':
      return head(source, declaration)
    case 'ClassDeclaration':
      return classSignature(module, declaration)
    case 'VariableDeclaration':
      return variableSignature(source, declaration)
    default:
      return source.slice(declaration.start, declaration.end)
  }
}

/** Up to the body. */
function head(source: string, node: Node): string {
  const body = node['body'] as Node | null
  return source
    .slice(node.start, body?.start ?? node.end)
    .replace(/^async /, '')
    .trim()
}

function classSignature(module: Module, declaration: Node): string {
  const { source } = module
  const body = declaration['body'] as Node
  const members = (body['body'] as Node[])
    .filter(isPublic)
    .map((member) => commentBefore(module, member) + memberSignature(source, member))
  return `${source.slice(declaration.start, body.start)}{\n${members.map((member) => `  ${member}`).join('\n')}\n}`
}

function isPublic(member: Node): boolean {
  const key = member['key'] as Node | undefined
  return (
    key !== undefined &&
    key.type !== 'PrivateIdentifier' &&
    member['accessibility'] !== 'private' &&
    !member['static']
  )
}

function memberSignature(source: string, member: Node): string {
  const value = member['value'] as Node | null
  if (member.type !== 'MethodDefinition')
    return source.slice(member.start, member.end).replace(/^override /, '')
  const body = value?.['body'] as Node | undefined
  return source
    .slice(member.start, body?.start ?? member.end)
    .replace(/^(override )?(async )?/, '')
    .trim()
}

function variableSignature(source: string, declaration: Node): string {
  return (declaration['declarations'] as Node[])
    .map((each) => {
      const id = each['id'] as Node
      const init = each['init'] as Node
      const name = source.slice(id.start, id.end)
      if (id['typeAnnotation']) return `const ${name}`
      if (init.type === 'NewExpression') {
        const callee = init['callee'] as Node
        return `const ${name}: ${source.slice(callee.start, callee.end)}`
      }
      if (init.type === 'ObjectExpression') return `const ${name}: ${objectSignature(source, init)}`
      return `const ${name} = ${source.slice(init.start, init.end)}`
    })
    .join('\n')
}

function objectSignature(source: string, init: Node): string {
  const members = (init['properties'] as Node[]).map((property) => {
    const value = property['value'] as Node
    const key = property['key'] as Node
    if (value.type !== 'FunctionExpression') return `  ${source.slice(key.start, key.end)}`
    return `  ${source
      .slice(property.start, (value['body'] as Node).start)
      .replace(/^async /, '')
      .trim()}`
  })
  return `{\n${members.join('\n')}\n}`
}

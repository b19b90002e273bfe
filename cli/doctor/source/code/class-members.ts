import type { Code } from './code.ts'
import { nameOf } from './declarations.ts'
import { around, bare, type FunctionNode, type Node, type NodeOf, within } from './tree.ts'

type Members = ReadonlyMap<string, readonly Node[]>

const known = new WeakMap<Node, Members>()
const none: Members = new Map()

/**
 * What `this.key` is given in the class around: as a field, and by what methods assign. What comes from
 * a parameter is left out: nobody knows who calls.
 */
export function membersOfThis(code: Code, self: Node, key: string): readonly Node[] {
  return membersAround(code, self).get(key) ?? []
}

const knownFields = new WeakMap<Code, readonly NodeOf<'TSParameterProperty'>[]>()

/** The type of a parameter of the constructor that is a field: how Angular hands its services over. */
export function typeOfField(code: Code, self: Node, key: string): string | null {
  const fields = fieldsOf(code)
  const here = fields.length === 0 ? null : classAround(code, self)
  if (here === null) return null
  for (const { parameter, start, end } of fields) {
    const target = parameter.type === 'AssignmentPattern' ? parameter.left : parameter
    if (target.type !== 'Identifier' || target.name !== key) continue
    if (start < here.start || end > here.end) continue
    return nameOfType(target)
  }
  return null
}

/** The type of a parameter of a constructor, by its name. */
export function typeOfParameter(of: FunctionNode, index: number): string | null {
  const param = of.params[index]
  const target = param?.type === 'TSParameterProperty' ? param.parameter : param
  return target?.type === 'Identifier' ? nameOfType(target) : null
}

function nameOfType({ typeAnnotation }: NodeOf<'Identifier'>): string | null {
  const type = typeAnnotation?.typeAnnotation
  return type?.type === 'TSTypeReference' && type.typeName.type === 'Identifier'
    ? type.typeName.name
    : null
}

function fieldsOf(code: Code): readonly NodeOf<'TSParameterProperty'>[] {
  const found =
    knownFields.get(code) ?? code.tree.nodes.filter((one) => one.type === 'TSParameterProperty')
  knownFields.set(code, found)
  return found
}

function membersAround(code: Code, self: Node): Members {
  const of = classAround(code, self)
  if (of === null) return none
  const found = known.get(of) ?? readMembers(code, of)
  known.set(of, found)
  return found
}

function classAround({ tree }: Code, self: Node): Node | null {
  for (const one of around(tree, self)) if (one.type === 'ClassBody') return one
  return null
}

function readMembers(code: Code, of: Node): Members {
  const members = new Map<string, readonly Node[]>()
  const add = (key: string | null, value: Node): void => {
    if (key === null || isParameter(code, value)) return
    members.set(key, [...(members.get(key) ?? []), value])
  }
  for (const one of within(of)) {
    if (one.type === 'PropertyDefinition' && !one.computed && one.value !== null) {
      add(nameOf(one.key), one.value)
    }
    if (one.type !== 'AssignmentExpression' || one.left.type !== 'MemberExpression') continue
    const { object, property, computed } = one.left
    if (object.type === 'ThisExpression' && !computed) add(nameOf(property), one.right)
  }
  return members
}

function isParameter(code: Code, value: Node): boolean {
  const definitions = code.names.get(bare(value))?.definitions ?? []
  return definitions.some(({ type }) => type === 'parameter')
}

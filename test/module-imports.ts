import { type Expression, parseSync, Visitor } from 'oxc-parser'

/** One thing that a module asks of another. */
export interface ModuleImport {
  /** As written; null where it is computed, so that nobody can tell what is imported. */
  readonly specifier: string | null
  /** True where nothing of it is left at run time. */
  readonly typeOnly: boolean
  /** True for `import()` and `require()`: what is imported when the code gets there. */
  readonly dynamic: boolean
}

export interface ModuleShape {
  readonly imports: readonly ModuleImport[]
  readonly defaultExport: boolean
  /** True for a module that does nothing but hand on what others export. */
  readonly barrel: boolean
}

/**
 * Reads what a TypeScript module imports, by its syntax tree: static and dynamic imports, re-exports,
 * `import('…').Type`, `import x = require()`, `require()` and `require.resolve()`.
 *
 * @throws {SyntaxError} for text that does not parse: nothing is overlooked in silence.
 */
export function readModule(file: string, source: string): ModuleShape {
  const { program, errors } = parseSync(file, source)
  if (errors.length > 0) throw new SyntaxError(`${file}: ${errors[0]?.message}`)
  const imports: ModuleImport[] = []
  const add = (specifier: string | null, typeOnly: boolean, dynamic = false) =>
    imports.push({ specifier, typeOnly, dynamic })
  let defaultExport = false
  new Visitor({
    ImportDeclaration: ({ importKind, source, specifiers }) => {
      const onlyTypes =
        specifiers.length > 0 &&
        specifiers.every((one) => one.type === 'ImportSpecifier' && one.importKind === 'type')
      add(source.value, importKind === 'type' || onlyTypes)
    },
    ExportNamedDeclaration: ({ exportKind, source, specifiers }) => {
      if (source !== null) add(source.value, exportKind === 'type')
      const names = specifiers.map(({ exported }) =>
        exported.type === 'Literal' ? exported.value : exported.name,
      )
      defaultExport ||= names.includes('default')
    },
    ExportAllDeclaration: ({ exportKind, source }) => {
      add(source.value, exportKind === 'type')
    },
    ExportDefaultDeclaration: () => {
      defaultExport = true
    },
    TSExportAssignment: () => {
      defaultExport = true
    },
    ImportExpression: ({ source }) => {
      add(textOf(source), false, true)
    },
    TSImportType: ({ source }) => {
      add(source.value, true)
    },
    TSImportEqualsDeclaration: ({ moduleReference, importKind }) => {
      if (moduleReference.type !== 'TSExternalModuleReference') return
      add(moduleReference.expression.value, importKind === 'type')
    },
    CallExpression: ({ callee, arguments: [first] }) => {
      if (!isRequire(callee)) return
      add(first === undefined || first.type === 'SpreadElement' ? null : textOf(first), false, true)
    },
  }).visit(program)
  const barrel =
    program.body.length > 0 &&
    program.body.every(
      (statement) =>
        statement.type === 'ExportAllDeclaration' ||
        (statement.type === 'ExportNamedDeclaration' && statement.source !== null),
    )
  return { imports, defaultExport, barrel }
}

function isRequire(callee: Expression): boolean {
  if (callee.type === 'Identifier') return callee.name === 'require'
  return callee.type === 'MemberExpression' && !callee.computed && isRequire(callee.object)
}

function textOf(expression: Expression): string | null {
  if (expression.type === 'Literal') {
    return typeof expression.value === 'string' ? expression.value : null
  }
  if (expression.type !== 'TemplateLiteral' || expression.expressions.length > 0) return null
  return expression.quasis[0]?.value.cooked ?? null
}

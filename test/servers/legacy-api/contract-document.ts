import { readFileSync } from 'node:fs'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { parse } from 'yaml'

export interface Parameter {
  readonly $ref?: string
  readonly name: string
  readonly in: 'path' | 'query'
  readonly required?: boolean
  readonly schema: { readonly type?: string }
}

export interface Operation {
  readonly 'x-scope': string
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly content: Record<string, unknown> }
  readonly responses: Record<
    string,
    { readonly description: string; readonly content?: Record<string, unknown> }
  >
}

interface Contract {
  readonly info: { readonly description: string }
  readonly paths: Record<string, Record<string, Operation>>
  readonly components: { readonly parameters: Record<string, Parameter> }
}

export const contract: Contract = parse(readFileSync('servers/legacy-api/openapi.yaml', 'utf8'))

export const operations = Object.entries(contract.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    path,
    method: method.toUpperCase(),
    operation,
  })),
)

export const businessTypes = [
  ...contract.info.description.matchAll(/`urn:legacy-api:([a-z-]+)`/g),
].map(([, name = '']) => name)

export const ajv = new Ajv2020({ allErrors: true, strictTypes: false })
addFormats.default(ajv)
ajv.addVocabulary(['openapi', 'info', 'security', 'paths', 'components'])
ajv.addSchema({ ...contract, $id: 'legacy-api' })

const validators = new Map<string, ValidateFunction>()

/** Members that the contract does not name are refused too: a leaked hash would be one. */
export function assertShape(pointer: string, value: unknown, what: string): void {
  const $ref = `legacy-api#${pointer}`
  const validate = validators.get($ref) ?? ajv.compile({ $ref, unevaluatedProperties: false })
  validators.set($ref, validate)
  if (!validate(value)) throw new Error(`${what}: ${ajv.errorsText(validate.errors)}`)
}

/** One step of a JSON pointer in a URI fragment. */
export const escapePointer = (text: string) =>
  encodeURIComponent(text.replaceAll('~', '~0').replaceAll('/', '~1'))

export const mediaType = (headers: Headers) => headers.get('content-type')?.split(';')[0] ?? ''

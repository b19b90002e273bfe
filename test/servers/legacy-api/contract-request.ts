import type { Call } from './contract.ts'
import {
  ajv,
  assertShape,
  contract,
  escapePointer,
  type Operation,
  type Parameter,
} from './contract-document.ts'

export function assertRequest(path: string, operation: Operation, call: Call): void {
  if ((operation.requestBody === undefined) !== (call.body === undefined)) {
    throw new Error('request: a body where there is none, or none where there is one')
  }
  if (operation.requestBody !== undefined) {
    const pointer = `/paths/${escapePointer(path)}/${call.method.toLowerCase()}/requestBody/content/${escapePointer('application/json')}/schema`
    assertShape(pointer, call.body, 'request body')
  }
  const query = new URL(call.path, 'http://legacy.example').searchParams
  const known = (operation.parameters ?? []).map(resolve)
  for (const name of query.keys()) {
    if (!known.some((parameter) => parameter.in === 'query' && parameter.name === name)) {
      throw new Error(`request: no query parameter ${name}`)
    }
  }
  for (const parameter of known) assertParameter(path, parameter, call)
}

function resolve(parameter: Parameter): Parameter {
  const name = parameter.$ref?.split('/').at(-1)
  return name === undefined ? parameter : (contract.components.parameters[name] as Parameter)
}

function assertParameter(path: string, parameter: Parameter, call: Call): void {
  const url = new URL(call.path, 'http://legacy.example')
  const index = path.split('/').indexOf(`{${parameter.name}}`)
  const segment = decodeURIComponent(call.path.split('?')[0]?.split('/')[index] ?? '')
  const text = parameter.in === 'path' ? segment : url.searchParams.get(parameter.name)
  if (text === null && !parameter.required) return
  const value =
    parameter.schema.type === 'boolean' ? { true: true, false: false }[text ?? ''] : text
  if (!ajv.validate(parameter.schema, value)) {
    throw new Error(`request: ${parameter.name}: ${ajv.errorsText()}`)
  }
}

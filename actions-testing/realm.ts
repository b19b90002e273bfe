import { compileFunction, createContext, runInContext, Script } from 'node:vm'
import { jsonCopy } from './json-copy.ts'

/** A place where bundles are evaluated. */
export interface Realm {
  /**
   * Evaluates `body` as a function body, with `names` bound to `values`.
   *
   * @throws {SyntaxError} When it does not compile; and what it throws itself.
   */
  evaluate(body: string, filename: string, values: Readonly<Record<string, unknown>>): unknown
  /** A copy as it arrives after a trip through JSON, of objects of this realm. */
  copy(value: unknown): unknown
}

type Compiled = (...values: unknown[]) => unknown

/** What was compiled, by its source: the engine hashes a bundle's text once, a key made of it each time. */
type CompileCache<Result> = Map<string, { readonly head: string; readonly result: Result }>

const maxCompiled = 500
const functions: CompileCache<Compiled> = new Map()
const scripts: CompileCache<Script> = new Map()

/** The realm of the caller. Compiled once, a bundle starts afresh each time it is evaluated. */
export function createHostRealm(globals: Readonly<Record<string, unknown>>): Realm {
  return {
    evaluate(body, filename, values) {
      const bound = { ...globals, ...values }
      const names = Object.keys(bound)
      const run = compileOnce(functions, body, `${filename} ${names}`, () => {
        return compileFunction(body, names, { filename }) as Compiled
      })
      return run(...Object.values(bound))
    },
    copy: jsonCopy,
  }
}

/** A realm of its own: what a bundle does to its globals and prototypes stays in it. */
export function createContextRealm(globals: Readonly<Record<string, unknown>>): Realm {
  const context = createContext({ ...globals })
  nameGlobal.runInContext(context)
  acceptHostObjects.runInContext(context)
  const parse = runInContext('JSON.parse', context) as (json: string) => unknown
  return {
    evaluate(body, filename, values) {
      const names = Object.keys(values).join(', ')
      const script = compileOnce(scripts, body, `${filename} ${names}`, () => {
        return new Script(`(function (${names}) {${body}\n})`, { filename })
      })
      return (script.runInContext(context) as Compiled)(...Object.values(values))
    },
    copy: (value) => parse(JSON.stringify(value)),
  }
}

/** Node's own name of the global object, which bundles for Node go by. */
const nameGlobal = new Script('globalThis.global = globalThis')

/** Forgets the oldest, so that a tenant that is published to all day does not grow. */
function compileOnce<Result>(
  cache: CompileCache<Result>,
  body: string,
  head: string,
  compile: () => Result,
): Result {
  const cached = cache.get(body)
  if (cached?.head === head) return cached.result
  const [oldest] = cache.keys()
  if (cache.size >= maxCompiled && oldest !== undefined) cache.delete(oldest)
  const result = compile()
  cache.set(body, { head, result })
  return result
}

/**
 * A context has constructors of its own, and what `fetch`, `Buffer` and `TextEncoder` hand in comes
 * from the host's: `bytes instanceof Uint8Array` would be false, and libraries would refuse their own
 * bytes. On the platform there is one realm, so here each side passes for the other's.
 */
const acceptHostObjects = new Script(`{
  const tag = (value) => Object.prototype.toString.call(value).slice(8, -1)
  const ordinary = Function.prototype[Symbol.hasInstance]
  const accept = (constructor, test) =>
    Object.defineProperty(constructor, Symbol.hasInstance, {
      configurable: true,
      value(value) {
        if (ordinary.call(this, value)) return true
        return this === constructor && Object(value) === value && test(value)
      },
    })
  const named = (name) => (value) => {
    for (let at = value; at !== null; at = Object.getPrototypeOf(at)) {
      if (Object.hasOwn(at, 'constructor') && at.constructor?.name === name) return true
    }
    return false
  }
  accept(Object, (value) => Object.getPrototypeOf(value) !== null)
  accept(Function, (value) => typeof value === 'function')
  accept(Array, Array.isArray)
  for (const name of ['ArrayBuffer', 'DataView', 'Date', 'Map', 'Promise', 'RegExp', 'Set']) {
    accept(globalThis[name], (value) => tag(value) === name)
  }
  for (const name of ['Int8Array', 'Uint8Array', 'Uint16Array', 'Uint32Array', 'Float64Array']) {
    accept(globalThis[name], (value) => tag(value) === name)
  }
  for (const name of ['Error', 'EvalError', 'RangeError', 'ReferenceError', 'SyntaxError', 'TypeError']) {
    accept(globalThis[name], named(name))
  }
}`)

import { createRequire } from 'node:module'
import { createConsole } from './current-run.ts'

/**
 * Modules of Node that a bundle may require. Without `fs`, `child_process`, `worker_threads`, `vm`,
 * `module` and their like: Auth0's Node 22 has no file system to write to, and a bundle that needs
 * a process or a thread is a mistake.
 *
 * @see https://auth0.com/docs/troubleshoot/product-lifecycle/deprecations-and-migrations/migrate-nodejs-22
 */
const allowed = new Set(
  `assert assert/strict async_hooks buffer console constants crypto diagnostics_channel dns
  dns/promises events http http2 https net os path path/posix perf_hooks punycode querystring stream
  stream/consumers stream/promises stream/web string_decoder timers timers/promises tls tty url util
  util/types zlib`.split(/\s+/),
)
const nodeRequire = createRequire(import.meta.url)

/**
 * @param modules Stand-ins for npm packages, by the name they are required by.
 * @throws {Error} From the function: for anything else, naming it.
 */
function sandboxRequire(modules: Readonly<Record<string, unknown>> = {}): (id: string) => unknown {
  return (id) => {
    if (Object.hasOwn(modules, id)) return modules[id]
    const builtin = id.replace(/^node:/, '')
    if (allowed.has(builtin)) return nodeRequire(`node:${builtin}`)
    throw Object.assign(
      new Error(`require('${id}') is not available to Actions and scripts here`),
      {
        code: 'MODULE_NOT_FOUND',
      },
    )
  }
}

/** What of `process` cannot end, signal or spy on the host. */
function sandboxProcess(): Readonly<Record<string, unknown>> {
  const { arch, platform, version, versions } = process
  return {
    arch,
    platform,
    version,
    versions,
    env: {},
    argv: [],
    cwd: () => '/',
    emitWarning: () => {},
    hrtime: process.hrtime,
    memoryUsage: process.memoryUsage,
    nextTick: process.nextTick,
    uptime: process.uptime,
  }
}

/** Globals of Node 22 that are not of the language; `global` is each context's own. */
const shared = `AbortController AbortSignal Blob BroadcastChannel Buffer ByteLengthQueuingStrategy
  CompressionStream CountQueuingStrategy Crypto CryptoKey CustomEvent DOMException
  DecompressionStream Event EventTarget File FormData Headers MessageChannel MessageEvent
  MessagePort Navigator Performance PerformanceEntry PerformanceMark PerformanceMeasure
  PerformanceObserver PerformanceObserverEntryList PerformanceResourceTiming
  ReadableByteStreamController ReadableStream ReadableStreamBYOBReader ReadableStreamBYOBRequest
  ReadableStreamDefaultController ReadableStreamDefaultReader Request Response SubtleCrypto
  TextDecoder TextDecoderStream TextEncoder TextEncoderStream TransformStream
  TransformStreamDefaultController URL URLSearchParams WebSocket WritableStream
  WritableStreamDefaultController WritableStreamDefaultWriter atob btoa clearImmediate
  clearInterval clearTimeout crypto fetch navigator performance queueMicrotask setImmediate
  setInterval setTimeout structuredClone`.split(/\s+/)

/**
 * What Auth0's runtime gives by its own making, in place of Node's. Made once a runtime.
 *
 * @param modules Stand-ins for npm packages, by the name they are required by.
 */
export function sandboxBindings(
  modules?: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  return { console: createConsole(), process: sandboxProcess(), require: sandboxRequire(modules) }
}

/** What a new context lacks, since the language does not bring it. */
export function sandboxGlobals(): Readonly<Record<string, unknown>> {
  const host: Readonly<Record<string, unknown>> = globalThis
  return Object.fromEntries(shared.map((name) => [name, host[name]]))
}

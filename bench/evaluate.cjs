// The program of a child process: `node evaluate.cjs FILE` prints the nanoseconds in which FILE, a
// CommonJS module, was read, compiled and run. Plain JavaScript in a file, so that Node has its
// loader for such modules ready, and no loader for TypeScript.

const { bigint } = process.hrtime
bigint()
const start = bigint()
module.require(process.argv[2])
const nanoseconds = bigint() - start
// Only now: the first look at `process.stdout` opens it, which takes longer than many a module.
process.stdout.write(String(nanoseconds))

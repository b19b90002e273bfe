// For `node --require`, before deploy-cli: the 2 s that it sleeps between two tries take 10 ms. It tries
// no more and no less often.
const { setTimeout } = globalThis
globalThis.setTimeout = (callback, delay, ...rest) =>
  setTimeout(callback, delay === 2_000 ? 10 : delay, ...rest)

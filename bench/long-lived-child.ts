import { fork } from 'node:child_process'

/** A process that stays, and takes one message at a time. */
export interface LongLivedChild {
  /** @returns What it answers. One question at a time: the answers carry no number. */
  ask(question: unknown): Promise<unknown>
  stop(): Promise<void>
}

/**
 * Starts a program of this project in a fresh process of this Node. Without this process's environment:
 * a compilation cache or a loader in `NODE_OPTIONS` would be measured too.
 *
 * @returns The child, and the first message that it sends.
 * @throws when it ends before it says anything. What it prints as an error goes to ours.
 */
export async function startChild(
  program: string,
  env: Readonly<Record<string, string>> = {},
): Promise<readonly [LongLivedChild, unknown]> {
  const child = fork(program, { env, execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const ended = new Promise<never>((_, reject) => {
    child.once('exit', (code) => reject(new Error(`${program} ended, status ${code}`)))
  })
  // Nobody may be waiting when it ends.
  ended.catch(() => {})
  const answer = () =>
    Promise.race([ended, new Promise<unknown>((resolve) => child.once('message', resolve))])
  const first = await answer()
  return [
    {
      ask(question) {
        const answered = answer()
        child.send(question as object)
        return answered
      },
      async stop() {
        child.disconnect()
        await ended.catch(() => {})
      },
    },
    first,
  ]
}

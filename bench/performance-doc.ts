import type { Machine } from './machine.ts'
import { sectionMarkdown } from './report.ts'
import type { Measured } from './section.ts'

export interface Run {
  readonly machine: Machine
  readonly rounds: number
  readonly seed: number
  readonly seconds: number
  /** ISO 8601. */
  readonly day: string
  readonly measured: readonly Measured[]
}

/** What `docs/performance.md` says about a run. */
export function performanceDocument({ machine, measured, ...run }: Run): string {
  const { node, cores, processor, platform } = machine
  return `# What a login costs

Written by the benchmark; edit \`bench/\` instead. Measured on ${run.day} with Node ${node} on ${platform}, ${cores} cores
(${processor}), in ${run.rounds} rounds and ${run.seconds} s. Seed of the faults: ${run.seed}. Again:

\`\`\`sh
npm run bench -- --write --rounds ${run.rounds} --seed ${run.seed}
\`\`\`

Times are those of one machine, which others may have used meanwhile. What is compared was measured in turn, in the same
run, and only a ratio has a reach: the most that the figure may be. \`npm run bench\` fails when one is missed.
"Half of the rounds" is between the quartiles.

**What it is compared with.** \`naive\` is [one Action](../bench/rivals/axios-and-sdk.ts) in the style of public samples: a
client of Auth0's SDK and a token for each login, axios without a timeout, nothing tried again, nothing caught. It reads
the legacy user and sends the mark by the same contract, and saves its profile write through \`api.user\` as the kit does,
so it makes three requests and no more. Where connections matter it is measured twice. With *kept connections* it runs as
Node 19 and later have it, whose default agent keeps them, on an instance that had a login seconds ago; the kit has no
advantage there but the token. With *new connections* it runs as axios did before that: it is what the reaches for p50 were
set against. \`flow\` is the four Actions of the kit.

**What a login is.** The published bundles in a process of their own, warm, with an \`api\` that notes what it is told and
does nothing else; from the first Action's start to the last one's end. The legacy API and the token endpoint are a program
of their own (\`bench/legacy-side/\`). Its faults follow from the seed and the request, so both sides meet the same ones.
A user is *unmigrated* whose profile does not say that the legacy store was told. The next login is two minutes later by
the Actions' clock, and meets faults as the first one did. A login *waits* that takes more than 100 ms.

${measured.map(sectionMarkdown).join('\n')}`
}

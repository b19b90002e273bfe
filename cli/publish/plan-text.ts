import { count } from '../user-ids.ts'
import type {
  ActionChange,
  BindingsChange,
  Change,
  CodeChange,
  ConnectionChange,
  Plan,
} from './changes.ts'
import type { MemberChange } from './members.ts'
import type { Project } from './project.ts'

const sign = { create: '+', update: '~' } as const

const kinds: Readonly<Record<Change['kind'], string>> = {
  action: 'Action',
  bindings: 'Bindings of',
  client: 'Application',
  'client-grant': 'Grant of',
  connection: 'Connection',
  phase: 'Phase',
  'resource-server': 'API',
}

/** A plan as a person reads it. */
export function planText(
  { domain, phase, changes, warnings }: Plan,
  { isOldTenant }: Pick<Project, 'isOldTenant'>,
): string {
  const heads = warnings.map(({ code, message }) => `! ${message} [${code}]`)
  const body = changes.map((change) => [headOf(change), ...linesOf(change)].join('\n'))
  const inPhase = isOldTenant ? '' : `, in phase ${phase}`
  const end =
    changes.length === 0
      ? `Nothing to do: ${domain} is as ${isOldTenant ? 'tenant.old.yaml' : 'tenant.yaml'} says${inPhase}.`
      : `${changes.length} ${changes.length === 1 ? 'change' : 'changes'} to ${domain}${inPhase}. Nothing else of it is touched.`
  return [...heads, ...(heads.length > 0 ? [''] : []), ...body, end].join('\n')
}

function headOf({ kind, change, name }: Change): string {
  return `${sign[change]} ${kinds[kind]} ${name}`
}

function linesOf(change: Change): readonly string[] {
  if (change.kind === 'action') return actionLines(change)
  if (change.kind === 'bindings') return bindingLines(change)
  if (change.kind === 'connection') return connectionLines(change)
  if (change.kind === 'phase') {
    return [`    ${change.before ?? 'none'} → ${change.after}`]
  }
  return change.members.map(memberLine)
}

function actionLines(change: ActionChange): readonly string[] {
  if (change.deployOnly) return ['    its draft is not what runs: replaced, and deployed again']
  return [
    ...(change.code === null ? [] : codeLines('code', change.code)),
    ...change.members.map(memberLine),
    ...namesLine('secrets set', change.secrets),
    ...namesLine('secrets removed', change.secretsRemoved),
  ]
}

function bindingLines({ before, after }: BindingsChange): readonly string[] {
  const listed = (names: readonly string[]) => (names.length === 0 ? 'nothing' : names.join(' → '))
  return [`    before: ${listed(before)}`, `    after:  ${listed(after)}`]
}

function connectionLines(change: ConnectionChange): readonly string[] {
  const { users, beginsToMigrate } = change
  const people = users === null ? 'users that cannot be counted' : count(users, 'user')
  return [
    ...(beginsToMigrate && change.change === 'update'
      ? [`    begins to migrate; it has ${people}, who stay as they are`]
      : []),
    ...change.members.map(memberLine),
    ...change.scripts.flatMap((script) => codeLines(`script ${script.name}`, script)),
    ...namesLine('configuration set', change.configuration),
    ...namesLine('enabled for', change.enabledClients),
  ]
}

function codeLines(what: string, { linesBefore, linesAfter, diff, foreign }: CodeChange): string[] {
  if (linesBefore === null) return [`    ${what}: ${linesAfter} lines`]
  if (diff === null) {
    const whose = foreign ? ' that this kit has not built' : ''
    return [`    ${what}: ${linesAfter} lines in place of ${linesBefore}${whose}`]
  }
  return [`    ${what}:`, ...diff.split('\n').map((line) => `        ${line}`)]
}

function memberLine({ path, before, after }: MemberChange): string {
  const text = (value: unknown) => (value === undefined ? 'not set' : JSON.stringify(value))
  if (before === after) return `    ${path}: changes, and is not shown`
  return `    ${path}: ${before === undefined ? '' : `${text(before)} → `}${text(after)}`
}

function namesLine(what: string, names: readonly string[]): readonly string[] {
  return names.length === 0 ? [] : [`    ${what}: ${names.join(', ')}`]
}

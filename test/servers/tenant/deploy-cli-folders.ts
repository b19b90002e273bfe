import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { stringify } from 'yaml'
import type { Json, JsonObject } from '../../../servers/tenant/state.ts'

/** What deploy-cli is to make of a tenant, by type: `clients`, `actions`, … Texts stand for files. */
export type Assets = JsonObject

type Files = Map<string, string>

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const listOf = (value: Json | undefined): readonly JsonObject[] =>
  Array.isArray(value) ? value.filter(isObject) : []

/**
 * One `tenant.yaml`, and beside it the files that it names.
 *
 * @returns What deploy-cli takes: the path of the file.
 */
export async function writeYaml(folder: string, assets: Assets): Promise<string> {
  const files: Files = new Map()
  const put = putInto(files)
  const written = {
    ...assets,
    actions: withCode(assets, put),
    databases: listOf(assets.databases).map((database) =>
      withScripts(database, (script, text) => put(`databases/${database.name}/${script}.js`, text)),
    ),
    emailTemplates: listOf(assets.emailTemplates).map((one) => ({
      ...one,
      body: put(`emails/${one.template}.html`, one.body),
    })),
    pages: listOf(assets.pages).map((one) => ({
      ...one,
      html: put(`pages/${one.name}.html`, one.html),
    })),
  }
  files.set('tenant.yaml', stringify(written))
  await write(folder, files)
  return join(folder, 'tenant.yaml')
}

/** Folders of the types whose resources are a file each. */
const folders: Readonly<Record<string, string>> = {
  clientGrants: 'grants',
  clients: 'clients',
  connections: 'connections',
  organizations: 'organizations',
  resourceServers: 'resource-servers',
  roles: 'roles',
}

/** Types that are one file. */
const singles: Readonly<Record<string, string>> = {
  emailProvider: 'emails/provider.json',
  guardianPolicies: 'guardian/policies.json',
  tenant: 'tenant.json',
  triggers: 'triggers/triggers.json',
}

/**
 * The same as a directory of JSON, less what only a whole export has.
 *
 * @returns What deploy-cli takes: the path of the directory.
 */
export async function writeDirectory(folder: string, assets: Assets): Promise<string> {
  const files: Files = new Map()
  const put = putInto(files)
  for (const [type, path] of Object.entries(folders)) {
    for (const [position, one] of listOf(assets[type]).entries()) {
      files.set(`${path}/${one.name ?? `${type} ${position}`}.json`, JSON.stringify(one))
    }
  }
  for (const [type, path] of Object.entries(singles)) {
    if (assets[type] !== undefined) files.set(path, JSON.stringify(assets[type]))
  }
  for (const action of withCode(assets, put)) {
    files.set(`actions/${action.name}.json`, JSON.stringify(action))
  }
  for (const database of listOf(assets.databases)) {
    const at = `database-connections/${database.name}`
    const written = withScripts(database, (script, text) => {
      put(`${at}/${script}.js`, text)
      return `./${script}.js`
    })
    files.set(`${at}/database.json`, JSON.stringify(written))
  }
  for (const { body, ...template } of listOf(assets.emailTemplates)) {
    const page = `${template.template}.html`
    put(`emails/${page}`, body)
    files.set(
      `emails/${template.template}.json`,
      JSON.stringify({ ...template, body: `./${page}` }),
    )
  }
  for (const { html, ...page } of listOf(assets.pages)) {
    put(`pages/${page.name}.html`, html)
    files.set(`pages/${page.name}.json`, JSON.stringify(page))
  }
  await write(folder, files)
  return folder
}

/** Adds a file. @returns What names it in the others. */
type Put = (name: string, text: Json | undefined) => string

function putInto(files: Files): Put {
  return (name, text) => {
    files.set(name, String(text))
    return `./${name}`
  }
}

function withCode({ actions }: Assets, put: Put): readonly JsonObject[] {
  return listOf(actions).map((action) => ({
    ...action,
    code: put(`actions/${action.name}/code.js`, action.code),
  }))
}

function withScripts(database: JsonObject, put: Put): JsonObject {
  const options = isObject(database.options) ? database.options : {}
  if (!isObject(options.customScripts)) return database
  const customScripts = Object.entries(options.customScripts).map(([script, text]) => [
    script,
    put(script, text),
  ])
  return {
    ...database,
    options: { ...options, customScripts: Object.fromEntries(customScripts) },
  }
}

async function write(folder: string, files: Files): Promise<void> {
  for (const [name, text] of files) {
    const path = join(folder, name)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, text)
  }
}

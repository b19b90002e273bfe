import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import type { Problem } from './problem.ts'

export const tenantFile = 'tenant.yaml'

/** The part of a deploy file that has to fit the bundles. The rest is deploy-cli's to check. */
const schema = z.looseObject({
  actions: z
    .array(
      z.looseObject({
        name: z.string(),
        code: z.string(),
        runtime: z.string().optional(),
        secrets: z.array(z.looseObject({ name: z.string() })).default([]),
      }),
    )
    .default([]),
  databases: z
    .array(
      z.looseObject({
        name: z.string(),
        options: z
          .looseObject({
            requires_username: z.boolean().optional(),
            customScripts: z.record(z.string(), z.string()).default({}),
            configuration: z.record(z.string(), z.unknown()).default({}),
          })
          .prefault({}),
      }),
    )
    .default([]),
})

export type TenantFile = z.infer<typeof schema>

/** Reads a deploy file, placeholders and all. */
export function readTenantFile(
  root: string,
  file = tenantFile,
): { readonly tenant: TenantFile } | { readonly problems: readonly Problem[] } {
  let value: unknown
  try {
    value = parse(readFileSync(join(root, file), 'utf8'))
  } catch (error) {
    const [line = ''] = String(error instanceof Error ? error.message : error).split('\n', 2)
    return { problems: [{ code: 'tenant_file_invalid', subject: file, message: line }] }
  }
  const result = schema.safeParse(value)
  if (result.success) return { tenant: result.data }
  return {
    problems: result.error.issues.map(({ path, message }) => ({
      code: 'tenant_file_invalid',
      subject: `${file}: ${path.join('.')}`,
      message,
    })),
  }
}

/**
 * The part of SARIF 2.1.0 that the doctor writes, with what the standard demands of it, and nothing
 * beyond: a member that is not of the standard, or in the wrong place, fails.
 * https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
const text = { type: 'string', minLength: 1 }
const message = object({ text }, ['text'])
const level = { enum: ['none', 'note', 'warning', 'error'] }

const location = object(
  {
    physicalLocation: object(
      {
        artifactLocation: object({ uri: { type: 'string', format: 'uri-reference' } }, ['uri']),
        region: object(
          {
            startLine: { type: 'integer', minimum: 1 },
            startColumn: { type: 'integer', minimum: 1 },
          },
          ['startLine'],
        ),
      },
      ['artifactLocation'],
    ),
    logicalLocations: {
      type: 'array',
      items: object({ fullyQualifiedName: text, kind: text }, ['fullyQualifiedName']),
    },
  },
  [],
)
const locations = { type: 'array', minItems: 1, items: location }

const rule = object(
  {
    id: text,
    shortDescription: message,
    fullDescription: message,
    help: message,
    helpUri: { type: 'string', format: 'uri' },
    defaultConfiguration: object({ level }, ['level']),
    properties: { type: 'object' },
  },
  ['id'],
)

const result = object(
  {
    ruleId: text,
    ruleIndex: { type: 'integer', minimum: 0 },
    level,
    message,
    locations,
    partialFingerprints: { type: 'object', additionalProperties: text },
  },
  ['message'],
)

const notification = object(
  {
    descriptor: object({ id: text }, ['id']),
    associatedRule: object({ id: text, index: { type: 'integer', minimum: 0 } }, []),
    level,
    message,
    locations,
  },
  ['message'],
)

const run = object(
  {
    tool: object({ driver: object({ name: text, rules: unique(rule) }, ['name']) }, ['driver']),
    columnKind: { enum: ['utf16CodeUnits', 'unicodeCodePoints'] },
    invocations: {
      type: 'array',
      items: object(
        {
          executionSuccessful: { type: 'boolean' },
          toolExecutionNotifications: { type: 'array', items: notification },
        },
        ['executionSuccessful'],
      ),
    },
    results: { type: 'array', items: result },
  },
  ['tool'],
)

export const sarifSchema = object(
  {
    $schema: { type: 'string', format: 'uri' },
    version: { const: '2.1.0' },
    runs: { type: 'array', items: run },
  },
  ['runs', 'version'],
)

function object(properties: Readonly<Record<string, object>>, required: readonly string[]) {
  return { type: 'object', properties, required, additionalProperties: false }
}

function unique(items: object) {
  return { type: 'array', uniqueItems: true, items }
}

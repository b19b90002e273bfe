// For `node --require`, before deploy-cli: it compiles the schema of Universal Login prompts, 8 MB of
// it, twice and for 20 s, whatever it publishes. Nothing here publishes prompts; all else it checks
// as ever, and what it sends is the same.
const schema = require('auth0-deploy-cli/lib/tools/auth0/schema').default
if (typeof schema?.properties?.prompts?.properties !== 'object') {
  throw new Error(
    'deploy_cli_layout_changed: auth0-deploy-cli has no schema for prompts where 8.44 has it. Run it without this preload, or correct build/deploy-cli-without-prompts.cjs.',
  )
}
schema.properties.prompts = {}

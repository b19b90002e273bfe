exports.onExecutePostLogin = async (event, api) => {
  api.accessToken.setCustomClaim('https://claims.example/logins', event.stats.logins_count)
  if (event.secrets.KEY === undefined) api.access.deny('KEY is missing.')
}

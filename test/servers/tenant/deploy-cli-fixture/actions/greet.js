exports.onExecutePostLogin = async (event, api) => {
  api.idToken.setCustomClaim(
    'https://claims.example/greeting',
    `##GREETING##, ${event.secrets.WHO}`,
  )
}

// biome-ignore lint/correctness/noUnusedVariables: the tenant calls it
function login(email, password, callback) {
  if (password !== configuration.PASSWORD) return callback(new WrongUsernameOrPasswordError(email))
  callback(null, { user_id: 'fixture|1', email, email_verified: true })
}

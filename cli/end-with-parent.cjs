// For `node --require`: ends this process when the one that started it is gone, kill -9 included, which
// closes the pipe that is our standard input. Two of a kind would else write to one tenant.
process.stdin.on('end', () => process.exit(1)).on('error', () => process.exit(1))
process.stdin.resume()
process.stdin.unref()

export const probeCommand = {
  usage: '',
  async run() {
    return { exitStatus: 0, found: {}, text: 'probe' }
  },
}

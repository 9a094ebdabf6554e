/**
 * What `npm start` runs when everything is built: the service over the example, with the arguments after `--`.
 *
 * npm runs this below a shell. A signal to npm ends npm and the shell but does not reach us, and the port would stay
 * taken; so we stop when the shell is gone. (Ctrl-C in a terminal reaches all of them.)
 */
const shell = process.ppid
setInterval(() => {
  if (process.ppid !== shell) process.kill(process.pid, 'SIGTERM')
}, 200).unref()

process.argv.splice(2, 0, 'serve', 'examples/records/policies')
await import('../dist/src/cli/main.js')

/** The suite in a Cloudflare Worker: answers every request with the report. */
import { runAll } from '../all.mjs'

export default {
  async fetch() {
    const report = await runAll()
    // Otherwise this would not be the environment that a Worker has, and the suite would prove less than it seems.
    if (evalIsRefused()) report.passed++
    else report.failures.push('eval is allowed here, unlike in a real Worker')
    return Response.json(report)
  },
}

function evalIsRefused() {
  try {
    return new Function('return false')()
  } catch {
    return true
  }
}

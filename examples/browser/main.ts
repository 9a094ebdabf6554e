/** Decides the request on the page by the policies on the page, at every key stroke. */
import { createEngine } from 'sallyport'

const policies = field('policies')
const request = field('request')
const decision = document.querySelector('output')

async function decide() {
  const shown = await attempt(policies.value, request.value)
  if (decision) decision.textContent = shown
}

async function attempt(text: string, json: string): Promise<string> {
  try {
    const engine = await createEngine({ policies: text })
    const { status, reason, rules } = engine.evaluate(JSON.parse(json))
    return `${status}: ${reason}\nrules: ${rules.join(', ') || 'none'}`
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function field(id: string): HTMLTextAreaElement {
  const found = document.getElementById(id)
  if (!(found instanceof HTMLTextAreaElement)) throw new Error(`the page has no field ${id}`)
  return found
}

policies.addEventListener('input', decide)
request.addEventListener('input', decide)
await decide()

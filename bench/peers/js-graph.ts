/**
 * The relations workload by hand: Maps of tuples by object and relation. The groups of a user, inner to outer, are
 * collected once and kept; a check walks from the document up its folders and looks for the user, or one of the groups.
 */
import type { AccessRequest } from '../../src/engine/types.ts'
import { booleanAnswers, type Peer, type PreparedPeer, timePreparation } from './peer.ts'

export const jsGraph: Peer = {
  name: 'js-graph',
  description: 'Maps of tuples, written by hand in JavaScript for exactly this model; says yes or no',
  takes: (name) => name === 'relations',
  async prepare({ tuples = [], requests }): Promise<PreparedPeer<AccessRequest, boolean>> {
    const { engine, preparation } = await timePreparation(
      () => new Graph(tuples),
      (graph) => graph.mayView(requests[0]!),
    )
    return { input: (request) => request, decide: (request) => engine.mayView(request), ...booleanAnswers, preparation }
  },
}

class Graph {
  /** Document or folder → who may view it by a tuple: `user:u1`, `group:g1#member`. */
  readonly #viewers = new Map<string, string[]>()
  readonly #parents = new Map<string, string>()
  /** User or group → the groups that it is a member of. */
  readonly #containers = new Map<string, string[]>()
  /** User → itself and all groups around it, as they stand in `#viewers`. */
  readonly #known = new Map<string, readonly string[]>()

  constructor(tuples: readonly string[]) {
    for (const tuple of tuples) {
      const [object = '', rest = ''] = split(tuple, '#')
      const [relation = '', subject = ''] = split(rest, '@')
      if (relation === 'parent') this.#parents.set(object, subject)
      else if (relation === 'member') push(this.#containers, subject, `${object}#member`)
      else push(this.#viewers, object, subject)
    }
  }

  mayView({ subject, action, resource }: AccessRequest): boolean {
    if (action.name !== 'read' || resource.type !== 'document') return false
    const names = this.#namesOf(`${subject.type}:${subject.id}`)
    for (let at: string | undefined = `document:${resource.id}`; at !== undefined; at = this.#parents.get(at)) {
      const viewers = this.#viewers.get(at)
      if (viewers === undefined) continue
      for (let i = 0; i < viewers.length; i++) if (names.includes(viewers[i]!)) return true
    }
    return false
  }

  #namesOf(user: string): readonly string[] {
    const known = this.#known.get(user)
    if (known !== undefined) return known
    const names = [user]
    for (const name of names) {
      for (const container of this.#containers.get(name) ?? []) if (!names.includes(container)) names.push(container)
    }
    this.#known.set(user, names)
    return names
  }
}

function split(text: string, at: string): [string, string] {
  const index = text.indexOf(at)
  return [text.slice(0, index), text.slice(index + 1)]
}

function push(map: Map<string, string[]>, key: string, value: string): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [value])
  else list.push(value)
}

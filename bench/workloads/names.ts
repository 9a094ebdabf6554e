/** Names for generated policies. */

/** `read`, `write`, … then `read-1`, `write-1`, …: as many names as asked for. A single word is numbered from 0. */
export function names(words: readonly string[], count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const word = words[index % words.length]!
    const turn = Math.floor(index / words.length)
    return words.length > 1 && turn === 0 ? word : `${word}-${turn}`
  })
}

export const verbs = ['read', 'write', 'list', 'create', 'delete', 'share', 'approve', 'export', 'import', 'restore']
export const nouns = [
  'invoice',
  'record',
  'contract',
  'ticket',
  'report',
  'dataset',
  'message',
  'deployment',
  'order',
  'site',
]

// Decide in a Node program: npm run example:node
import { createEngine } from 'sallyport'

const engine = await createEngine({
  policies: `
    version: 1
    rules:
      - { id: own-documents, allow: [read, write], on: document, when: { resource.owner: { eq: { ref: subject.id } } } }
      - { id: frozen, deny: write, on: document, when: { resource.frozen: true }, because: the document is frozen }
  `,
})

const ask = (action, properties) =>
  engine.evaluate({
    subject: { type: 'user', id: 'ann' },
    action: { name: action },
    resource: { type: 'document', id: 'plan', properties: { owner: 'ann', frozen: true, ...properties } },
  })

console.log('read ', ask('read').status)
console.log('write', ask('write').status, '-', ask('write').reason)
console.log('write', ask('write', { frozen: false }).status)

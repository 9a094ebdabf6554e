/** Requests from a file or standard input: one JSON object, a JSON list of them, or one per line (JSON Lines). */
import { parseTree } from 'jsonc-parser'
import { parseBody } from '../authzen/json.ts'
import { defaultLimits } from '../authzen/limits.ts'
import { readRequest } from '../authzen/request.ts'
import type { AccessRequest } from '../engine/types.ts'
import { SallyportError } from '../errors.ts'
import { usage } from './arguments.ts'
import { readStdin, readText } from './files.ts'
import type { Io } from './io.ts'

/**
 * The requests in a file, `-` being standard input. They are read as strictly as the service reads them.
 *
 * @throws SallyportError `E_USAGE`, `E_FILE`, or `E_REQUEST` that names the file and which request is wrong.
 */
export async function readRequests(path: string, io: Io): Promise<AccessRequest[]> {
  // Nobody calls a file so.
  if (path.startsWith('{')) throw usage('a request is a file, or - for standard input; write it there')
  const text = path === '-' ? await readStdin(io) : await readText(path, io)
  return parseRequests(text, path === '-' ? '<stdin>' : path)
}

export function parseRequests(text: string, name: string): AccessRequest[] {
  const start = text.trimStart()
  if (start === '') throw new SallyportError('E_REQUEST', `${name} is empty; give a request as JSON`)
  if (start.startsWith('[')) {
    return listItems(text, name).map((item, i) => parseOne(item, `${name}, request ${i + 1}`))
  }
  // Of several lines, the first is a whole JSON value in JSON Lines only.
  const lines = text.split('\n').flatMap((line, i) => (line.trim() === '' ? [] : [{ line, number: i + 1 }]))
  if (lines.length === 1 || !isJson(lines[0]?.line ?? '')) return [parseOne(text, name)]
  return lines.map(({ line, number }) => parseOne(line, `${name}, line ${number}`))
}

/** Cut from the text and not parsed and printed again, so that the strict reader sees what the author wrote. */
function listItems(text: string, name: string): string[] {
  try {
    JSON.parse(text)
  } catch {
    throw new SallyportError('E_REQUEST', `${name} is not valid JSON`)
  }
  const items = parseTree(text)?.children ?? []
  return items.map(({ offset, length }) => text.slice(offset, offset + length))
}

function parseOne(text: string, where: string): AccessRequest {
  try {
    return readRequest(parseBody(text, defaultLimits.depth))
  } catch (error) {
    if (!(error instanceof SallyportError)) throw error
    throw new SallyportError(error.code, `${where}: ${error.message}`, { cause: error })
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

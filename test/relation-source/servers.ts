/** Real servers of relations for the tests, where there are programs for them: on PATH, or named by a variable. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { describe, test } from 'vitest'
import { freePort } from '../runtimes/ports.mjs'

/** A path, or undefined. */
export function findProgram(name: string): string | undefined {
  const named = process.env[`${name.toUpperCase()}_BIN`]
  const places = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, name))
  return [...(named === undefined ? [] : [named]), ...places].find((path) => existsSync(path))
}

/** Skipped in one line where the program is not there: it takes minutes to build, and nothing else here needs it. */
export function describeWith(name: string, install: string, define: (program: string) => void): void {
  const program = findProgram(name)
  if (program !== undefined) describe(name, () => define(program))
  else test.skip(`${name} (not there: ${install}, and PATH or ${name.toUpperCase()}_BIN)`, () => {})
}

export interface RelationServer {
  readonly url: string
  readonly token: string
  stop(): Promise<void>
}

/** @param settings the arguments for an HTTP port and a second one, and for the token */
export async function startServer(
  program: string,
  settings: (http: number, other: number, token: string) => readonly string[],
  isReady: (url: string, token: string) => Promise<boolean>,
): Promise<RelationServer> {
  const [http, other] = [await freePort(), await freePort()]
  const token = 'a token of the tests'.replaceAll(' ', '-')
  const child = spawn(program, settings(http, other, token), { stdio: 'ignore' })
  const url = `http://127.0.0.1:${http}`
  await until(child, () => isReady(url, token))
  return { url, token, stop: () => stop(child) }
}

async function until(child: ChildProcess, isReady: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}`)
    if (await isReady().catch(() => false)) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  child.kill('SIGKILL')
  throw new Error('the server does not answer')
}

function stop(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null) return resolve()
    child.once('exit', () => resolve())
    child.kill('SIGKILL')
  })
}

/** Posts JSON for JSON; throws with what the server says. */
export async function call<T>({ url, token }: RelationServer, path: string, body: object): Promise<T> {
  const response = await fetch(url + path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`)
  return JSON.parse(text) as T
}

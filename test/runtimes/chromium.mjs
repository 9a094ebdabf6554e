/** The suite on a page in Chromium, bundled by esbuild as an application would be, under a strict content policy. */
import { existsSync } from 'node:fs'
import { createServer } from 'node:http'
import { build } from 'esbuild'
import { chromium } from 'playwright-core'
import { SkipError } from './skip.mjs'

const places = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

export async function withChromium() {
  return runPage('test/runtimes/page.mjs', (report, version) => ({ name: `chromium ${version}`, ...report }))
}

/** Bundles a script, opens a page with it, and passes what it leaves as `report`, or the promise of it, to `use`. */
export async function runPage(entry, use) {
  const bundle = await build({ entryPoints: [entry], bundle: true, format: 'esm', write: false })
  const script = bundle.outputFiles[0].contents
  return openPage(async (page, version) => {
    const origin = await serve(script)
    try {
      await page.goto(origin.url)
      await page.waitForFunction(() => 'report' in globalThis)
      return use(await page.evaluate(() => globalThis.report), version)
    } finally {
      origin.close()
    }
  })
}

/** The path of an installed Chromium, or what to do to have one. */
export function findChromium() {
  const path = process.env.CHROMIUM ?? places.find((place) => existsSync(place))
  if (path !== undefined && existsSync(path)) return { path }
  return { missing: 'Chromium is not installed: apt-get install chromium, or set CHROMIUM to its path' }
}

/** Opens an empty page in Chromium; errors on the page make `use` fail. */
export async function openPage(use) {
  const { path: executablePath, missing } = findChromium()
  if (missing !== undefined) throw new SkipError(missing)
  const args = ['--disable-gpu', '--disable-background-networking', '--disable-component-update', '--no-first-run']
  // Chromium refuses its sandbox to root, which tests in containers are.
  if (process.getuid?.() === 0) args.push('--no-sandbox')
  const browser = await chromium.launch({ executablePath, args })
  try {
    const page = await browser.newPage()
    page.setDefaultTimeout(60_000)
    const broken = new Promise((_, reject) => page.once('pageerror', reject))
    return await Promise.race([use(page, browser.version()), broken])
  } finally {
    await browser.close()
  }
}

async function serve(script) {
  const page =
    '<!doctype html><meta charset="utf-8"><title>suite</title><script type="module" src="/suite.js"></script>'
  const server = createServer((request, response) => {
    if (request.url === '/suite.js') response.setHeader('Content-Type', 'text/javascript').end(script)
    else {
      // No eval; WebAssembly may be compiled.
      response.setHeader('Content-Security-Policy', "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'")
      response.setHeader('Content-Type', 'text/html').end(page)
    }
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() }
}

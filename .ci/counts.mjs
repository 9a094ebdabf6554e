/** Prints how many passed and failed, from a report of vitest or of one of our scripts. */
import { readFileSync } from 'node:fs'

const report = JSON.parse(readFileSync(process.argv[2], 'utf8'))
console.log(report.passed ?? report.numPassedTests, report.failed ?? report.numFailedTests)

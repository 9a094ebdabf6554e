/**
 * Every run of the suite tries the same cases: a seed that changed would make a test that counts what it met fail now
 * and then. FC_SEED=N tries others; `npm run test:differential` draws new ones each time, and prints them.
 */
import fc from 'fast-check'

fc.configureGlobal({ seed: Number(process.env.FC_SEED ?? 20_261_121) })

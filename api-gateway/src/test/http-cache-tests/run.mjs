// Runs http-cache-tests against the gateway in front of the suite's own origin and scores it strictly: a test counts
// only with all the tests that it depends on. Exits with 1 below the thresholds, with 2 where it could not run.
//
//   npm ci --ignore-scripts && node run.mjs [--required 138] [--optimal 72] [--runs 1] [--json <file>] [--log <file>]
//
// Several runs, each with a gateway of its own, have to fail the same tests.
//
// It needs the gateway's tests compiled (mvn test-compile -pl api-gateway -am) and a JDK 21 or newer.
//
//   node run.mjs --base http://127.0.0.1:8080 --origin-port 8000    for a proxy that runs already
import { spawn, spawnSync } from 'node:child_process'
import { appendFileSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import { createServer } from 'node:net'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'

const { values: options } = parseArgs({
  options: {
    classpath: { type: 'string' },
    java: { type: 'string' },
    base: { type: 'string' },
    'origin-port': { type: 'string' },
    required: { type: 'string', default: '138' },
    optimal: { type: 'string', default: '72' },
    runs: { type: 'string', default: '1' },
    json: { type: 'string' },
    log: { type: 'string' }
  }
})

const PATIENCE_TO_START = 60_000
const PATIENCE_TO_RUN = 180_000
const suite = dirname(createRequire(import.meta.url).resolve('http-cache-tests/package.json'))
const children = []

function freePort () {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.on('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => resolve(port))
    })
  })
}

/** The tests' class path, as the build has written it down. */
function builtClasspath () {
  const target = join(dirname(fileURLToPath(import.meta.url)), '../../../target')
  const libraries = join(target, 'test-classpath')
  if (!existsSync(libraries)) throw new Error(`${libraries} is missing: mvn test-compile -pl api-gateway -am`)
  return [join(target, 'test-classes'), join(target, 'classes'), readFileSync(libraries, 'utf8').trim()].join(delimiter)
}

/** The first java that is new enough: JAVA_HOME, the PATH, the usual folder. */
function findJava () {
  const folder = '/usr/lib/jvm'
  const homes = existsSync(folder) ? readdirSync(folder).map(name => join(folder, name, 'bin/java')) : []
  const chosen = process.env.JAVA_HOME ? [join(process.env.JAVA_HOME, 'bin/java')] : []
  const candidates = [...chosen, 'java', ...homes]
  const found = candidates.find(java => {
    const told = spawnSync(java, ['-XshowSettings:properties', '-version'], { encoding: 'utf8' }).stderr ?? ''
    return Number(/java\.specification\.version = (\d+)/.exec(told)?.[1] ?? 0) >= 21
  })
  if (found === undefined) throw new Error('There is no JDK 21 or newer; JAVA_HOME can name one')
  return found
}

/** Starts a program and waits until it says that it is ready. */
function start (command, args, ready, extra) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...extra })
    children.push(child)
    let told = ''
    const timer = setTimeout(() => reject(new Error(`${command} is not ready:\n${told}`)), PATIENCE_TO_START)
    const listen = data => {
      if (options.log !== undefined) appendFileSync(options.log, data)
      told = (told + data).slice(-20_000)
      if (told.includes(ready)) {
        clearTimeout(timer)
        resolve(child)
      }
    }
    child.stdout.on('data', listen)
    child.stderr.on('data', listen)
    child.on('error', reject)
    child.on('exit', code => reject(new Error(`${command} ended with ${code}:\n${told}`)))
  })
}

function stopAll () {
  for (const child of children) child.kill()
}

async function load (path) {
  return import(pathToFileURL(join(suite, path)).href)
}

async function startOrigin (port) {
  const env = { ...process.env, npm_config_protocol: 'http', npm_config_port: String(port), npm_config_pidfile: '/dev/null' }
  await start(process.execPath, ['--no-warnings', join(suite, 'server/server.mjs')], 'Listening', { cwd: suite, env })
}

async function startGateway (port, originPort) {
  const main = 'io.waybill.gateway.ConformanceGateway'
  const classpath = options.classpath ?? builtClasspath()
  const args = ['-cp', classpath, main, String(port), `http://127.0.0.1:${originPort}`]
  await start(options.java ?? findJava(), args, 'The gateway is ready')
}

/** All of the suite that is scored, by id. */
async function scoredTests () {
  const suites = (await load('tests/index.mjs')).default
  const tests = new Map()
  for (const set of suites) {
    for (const test of set.tests) {
      if (!test.browser_only) tests.set(test.id, { ...test, kind: test.kind ?? 'required' })
    }
  }
  return { suites, tests }
}

function score (tests, results) {
  const passes = id => {
    const test = tests.get(id)
    return test !== undefined && results[id] === true && (test.depends_on ?? []).every(passes)
  }
  const table = {}
  for (const kind of ['required', 'optimal', 'check']) {
    const ids = [...tests.values()].filter(test => test.kind === kind).map(test => test.id)
    table[kind] = { of: ids.length, passed: ids.filter(passes).length, failed: ids.filter(id => !passes(id)) }
  }
  return table
}

function why (tests, results, id) {
  const broken = (tests.get(id).depends_on ?? []).find(needed => results[needed] !== true)
  if (results[id] === true) return `needs ${broken ?? 'others'}`
  return Array.isArray(results[id]) ? results[id].join(': ') : 'not run'
}

async function main () {
  // The client pools connections since Node 19, and then random tests fail with "socket hang up".
  http.globalAgent = new http.Agent({ keepAlive: false })
  let base = options.base
  if (base === undefined) {
    const originPort = await freePort()
    const port = await freePort()
    await startOrigin(originPort)
    await startGateway(port, originPort)
    base = `http://127.0.0.1:${port}`
  } else if (options['origin-port'] !== undefined) {
    await startOrigin(Number(options['origin-port']))
  }
  const { suites, tests } = await scoredTests()
  const { runTests, getResults } = await load('client/runner.mjs')
  const fetch = createRequire(join(suite, 'package.json'))('node-fetch')
  const overdue = setTimeout(() => {
    console.error(`The suite did not end within ${PATIENCE_TO_RUN / 1000} s`)
    stopAll()
    process.exit(2)
  }, PATIENCE_TO_RUN)
  await runTests(suites, fetch, false, base)
  clearTimeout(overdue)
  const results = getResults()
  const table = score(tests, results)
  for (const [kind, { of, passed, failed }] of Object.entries(table)) {
    console.log(`${kind} ${passed}/${of}`)
    if (kind !== 'check') failed.forEach(id => console.log(`  fails ${id}: ${why(tests, results, id)}`))
  }
  if (options.json !== undefined) writeFileSync(options.json, JSON.stringify({ table, results }, null, 2))
  const enough = table.required.passed >= Number(options.required) && table.optimal.passed >= Number(options.optimal)
  console.log(enough ? 'Passed' : `Not passed: required ${options.required}, optimal ${options.optimal}`)
  return enough ? 0 : 1
}

/** Runs this program as often, and compares what failed; the suite keeps its results for the life of a process. */
function several (runs) {
  const folder = mkdtempSync(join(tmpdir(), 'http-cache-tests-'))
  const failures = []
  let worst = 0
  for (let run = 1; run <= runs; run++) {
    console.log(`Run ${run} of ${runs}`)
    const json = join(folder, `${run}.json`)
    const args = [fileURLToPath(import.meta.url), ...process.argv.slice(2), '--runs', '1', '--json', json]
    const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' })
    worst = Math.max(worst, status ?? 2)
    if (!existsSync(json)) return 2
    const { table } = JSON.parse(readFileSync(json, 'utf8'))
    failures.push([...table.required.failed, ...table.optimal.failed])
    if (options.json !== undefined) writeFileSync(options.json, readFileSync(json))
  }
  rmSync(folder, { recursive: true })
  const flickering = [...new Set(failures.flat())].filter(id => !failures.every(failed => failed.includes(id)))
  if (flickering.length > 0) {
    console.log(`Not passed: the runs differ in ${flickering.join(', ')}`)
    return Math.max(worst, 1)
  }
  console.log(`All ${runs} runs failed the same ${failures[0].length} tests`)
  return worst
}

let code = 2
try {
  code = Number(options.runs) > 1 ? several(Number(options.runs)) : await main()
} catch (error) {
  console.error(error)
}
stopAll()
process.exit(code)

// Buys something as a client that is no part of Waybill: the trace is begun by the OpenTelemetry SDK for Node, which
// also sends its own spans to the collector that Waybill's processes send theirs to. Checks that all of it is one
// trace, and that nothing of the client's baggage is in it. Exits with 1 if not, with 2 where it could not run.
//
//   npm ci --ignore-scripts && node run.mjs [--java <java>] [--log <file>]
//
// It needs Waybill laid out (mvn package -pl infra/standalone -am) and a JDK 21 or newer.
import { context, propagation, trace } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { registerInstrumentations } from '@opentelemetry/instrumentation'
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node'
import { spawn, spawnSync } from 'node:child_process'
import { appendFileSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import http from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const { values: options } = parseArgs({ options: { java: { type: 'string' }, log: { type: 'string' } } })

const PATIENCE_TO_START = 180_000
const PATIENCE = 60_000
const lib = join(dirname(fileURLToPath(import.meta.url)), '../../../../standalone/target/waybill/lib')
const folder = mkdtempSync(join(tmpdir(), 'waybill-foreign-client-'))
const broken = []
let passed = 0
let waybill

function check (what, holds, told) {
  if (holds) passed++
  else broken.push(`${what}: ${JSON.stringify(told)}`)
}

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

/** The first java that is new enough: JAVA_HOME, the PATH, the usual folder. */
function findJava () {
  const usual = '/usr/lib/jvm'
  const homes = existsSync(usual) ? readdirSync(usual).map(name => join(usual, name, 'bin/java')) : []
  const chosen = process.env.JAVA_HOME ? [join(process.env.JAVA_HOME, 'bin/java')] : []
  const found = [...chosen, 'java', ...homes].find(java => {
    const told = spawnSync(java, ['-XshowSettings:properties', '-version'], { encoding: 'utf8' }).stderr ?? ''
    return Number(/java\.specification\.version = (\d+)/.exec(told)?.[1] ?? 0) >= 21
  })
  if (found === undefined) throw new Error('There is no JDK 21 or newer; JAVA_HOME can name one')
  return found
}

/** Protocol Buffers, as far as they are needed: all that was sent under a field's number. */
function fields (bytes) {
  const found = new Map()
  let at = 0
  const varint = () => {
    let value = 0n
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++]
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return value
    }
  }
  const taken = length => bytes.subarray(at, at += length)
  while (at < bytes.length) {
    const key = Number(varint())
    const value = { 0: varint, 1: () => taken(8), 2: () => taken(Number(varint())), 5: () => taken(4) }[key & 7]()
    found.set(key >> 3, [...found.get(key >> 3) ?? [], value])
  }
  return number => found.get(number) ?? []
}

const text = bytes => Buffer.from(bytes ?? []).toString('utf8')
const hex = bytes => Buffer.from(bytes ?? []).toString('hex')
const KINDS = ['', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER']

/** The spans of an OTLP request (opentelemetry/proto/collector/trace/v1/trace_service.proto). */
function spansOf (request) {
  return fields(request)(1).flatMap(resource => {
    const attributes = fields(resource)(1).flatMap(described => fields(described)(1)).map(fields)
    const service = text(fields(attributes.find(pair => text(pair(1)[0]) === 'service.name')?.(2)[0] ?? [])(1)[0])
    return fields(resource)(2).flatMap(scope => fields(scope)(2)).map(bytes => {
      const span = fields(bytes)
      return {
        service,
        trace: hex(span(1)[0]),
        id: hex(span(2)[0]),
        parent: hex(span(4)[0]),
        name: text(span(5)[0]),
        kind: KINDS[Number(span(6)[0] ?? 0)],
        everything: text(bytes)
      }
    })
  })
}

async function startCollector (port, spans) {
  const server = http.createServer(async (request, response) => {
    const parts = []
    for await (const part of request) parts.push(part)
    spans.push(...spansOf(Buffer.concat(parts)))
    response.end()
  })
  await new Promise(resolve => server.listen(port, '127.0.0.1', resolve))
  return server
}

function startWaybill (port, collector) {
  return new Promise((resolve, reject) => {
    const settings = [
      `management.otlp.tracing.endpoint=${collector}`,
      'management.tracing.sampling.probability=0',
      'waybill.gateway.tracing.client-decides=true',
      'management.otlp.tracing.timeout=1m',
      'management.tracing.opentelemetry.export.schedule-delay=100ms'
    ]
    waybill = spawn(options.java ?? findJava(), [
      '-Xmx1g', '-Daxoniq.update-checker.disabled=true', `-Dwaybill.lib=${lib}`, ...settings.map(each => `-D${each}`),
      '-cp', `${lib}/launcher/*`, 'io.waybill.standalone.Standalone', '--data', join(folder, 'data'), '--port', String(port)
    ], { stdio: ['ignore', 'pipe', 'pipe'] })
    let told = ''
    const timer = setTimeout(() => reject(new Error(`Waybill is not ready:\n${told}`)), PATIENCE_TO_START)
    const listen = data => {
      if (options.log !== undefined) appendFileSync(options.log, data)
      told = (told + data).slice(-20_000)
      if (told.includes('Ready after')) {
        clearTimeout(timer)
        resolve()
      }
    }
    waybill.stdout.on('data', listen)
    waybill.stderr.on('data', listen)
    waybill.on('error', reject)
    waybill.on('exit', code => reject(new Error(`Waybill ended with ${code}:\n${told}`)))
  })
}

async function stopWaybill () {
  if (waybill === undefined || waybill.exitCode !== null) return
  const ended = new Promise(resolve => waybill.once('exit', resolve))
  waybill.kill()
  await ended
}

function beginTracing (collector) {
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'foreign-client' }),
    spanProcessors: [new SimpleSpanProcessor(new OTLPTraceExporter({ url: collector }))]
  })
  // With the SDK's own propagators: trace context and baggage.
  provider.register()
  registerInstrumentations({ instrumentations: [new UndiciInstrumentation()] })
  return provider
}

async function ask (url, body, token, headers = {}) {
  const response = await fetch(url, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      'Content-Type': 'application/json',
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      ...headers
    },
    body: body === undefined ? undefined : JSON.stringify(body)
  })
  const answer = await response.text()
  if (!response.ok) throw new Error(`${url} was answered ${response.status} ${answer}`)
  return { id: response.headers.get('X-Request-Id'), body: answer === '' ? {} : JSON.parse(answer) }
}

const ORDER = {
  lines: [{ sku: 'MUG-ENAMEL', quantity: 1 }],
  paymentMethod: 'pm_card_visa',
  shippingAddress: { name: 'Ada Lovelace', street: '12 Analytical Road', city: 'London', postalCode: '10115', country: 'GB' }
}

/** Places an order within a span of the client's own, with baggage that nobody else should see. */
async function buy (gateway, token) {
  const baggage = propagation.createBaggage({ 'user.email': { value: 'ada@example.org' } })
  return trace.getTracer('shopping').startActiveSpan('buy a mug', span =>
    context.with(propagation.setBaggage(context.active(), baggage), async () => {
      try {
        const { id, body } = await ask(`${gateway}/api/orders`, ORDER, token, { Prefer: 'wait=30' })
        return { trace: span.spanContext().traceId, requestId: id, order: body }
      } finally {
        span.end()
      }
    }))
}

/** The spans of a trace when nothing more comes. */
async function atRest (spans, id) {
  const deadline = Date.now() + PATIENCE
  let last = -1
  for (;;) {
    const now = spans.filter(span => span.trace === id)
    if (now.length > 0 && now.length === last) return now
    if (Date.now() > deadline) throw new Error(`${id} does not come to rest`)
    last = now.length
    await pause(3000)
  }
}

async function main () {
  if (!existsSync(lib)) throw new Error(`${lib} is missing: mvn package -pl infra/standalone -am`)
  const [port, collectorPort] = [await freePort(), await freePort()]
  const collector = `http://127.0.0.1:${collectorPort}/v1/traces`
  const gateway = `http://127.0.0.1:${port}`
  const spans = []
  const server = await startCollector(collectorPort, spans)
  await startWaybill(port, collector)
  const account = { email: 'ada@example.org', password: 'twelve analytical engines' }
  await ask(`${gateway}/api/users/register`, { ...account, name: 'Ada Lovelace' })
  const { body: { access_token: token } } = await ask(`${gateway}/api/users/login`, account)

  const provider = beginTracing(collector)
  const bought = await buy(gateway, token)
  await provider.forceFlush()
  const seen = await atRest(spans, bought.trace)
  const history = await ask(`${gateway}/api/orders/${bought.order.orderId}/history`, undefined, token)
  await provider.shutdown()
  await stopWaybill()
  server.close()

  check('the order is confirmed', bought.order.status === 'CONFIRMED', bought.order)
  check('the answer names the trace', bought.requestId === bought.trace, bought.requestId)
  check('the history names the trace', history.body.traceId === bought.trace, history.body.traceId)
  const byId = new Map(seen.map(span => [span.id, span]))
  const first = seen.filter(span => !byId.has(span.parent))
  check('only the client begins', first.length === 1 && first[0].name === 'buy a mug', first)
  const path = []
  for (let span = seen.find(each => each.name === 'handle PlaceOrder'); span; span = byId.get(span.parent)) {
    if (span.kind !== 'INTERNAL') path.unshift(`${span.service} ${span.kind} ${span.name}`)
  }
  const wanted = [
    'foreign-client CLIENT POST',
    'waybill-gateway SERVER POST /api/orders',
    'waybill-gateway CLIENT POST /api/orders',
    'order SERVER http post /api/orders'
  ]
  check('the order follows from the client', JSON.stringify(path) === JSON.stringify(wanted), path)
  const services = [...new Set(seen.map(span => span.service))].sort()
  const everybody = ['foreign-client', 'inventory', 'order', 'payment', 'shipping', 'waybill-gateway']
  check('everybody took part', JSON.stringify(services) === JSON.stringify(everybody), services)
  const ours = spans.filter(span => span.service !== 'foreign-client')
  check('no baggage is taken up', !ours.some(span => span.everything.includes('ada@example.org')), 'ada@example.org')
  const theirs = new Set(spans.filter(span => span.service === 'foreign-client').map(span => span.trace))
  const others = [...new Set(ours.map(span => span.trace))].filter(id => !theirs.has(id))
  check('the client decides what is recorded, and nobody else does', others.length === 0, others)
  broken.forEach(line => console.log(`  fails ${line}`))
  console.log(broken.length === 0 ? `Passed ${passed} checks of a trace of ${seen.length} spans` : 'Not passed')
  return broken.length === 0 ? 0 : 1
}

let code = 2
try {
  code = await main()
} catch (error) {
  console.error(error)
}
await stopWaybill()
rmSync(folder, { recursive: true, force: true })
process.exit(code)

// A preload that lets a process live at the speed of a sped-up simulator: NODE_OPTIONS=--import=file:///…/speed-up.js
//
//   SIMULATOR_TIME  {"speed": 60, "simulated": MS, "real": MS}: the simulated time at a moment of real time
//   SIMULATOR_DNS   127.0.0.1:PORT, the DNS server that node:dns asks from now on; optional
//
// Scaled are Date, performance, process.hrtime, setTimeout, setInterval, node:timers, node:timers/promises and
// AbortSignal.timeout. Node's own timers (sockets, keep-alive) stay real, as those of the server on the other side are.
// It takes itself out of the environment, so that the children of the process live in real time.
//
// The network's modules are loaded before anything is changed: they keep the real timers.
import dns from 'node:dns'
import 'node:dgram'
import 'node:https'
import 'node:http2'
import { syncBuiltinESMExports } from 'node:module'
import timers from 'node:timers'
import timersPromises from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const { SIMULATOR_TIME, SIMULATOR_DNS, NODE_OPTIONS } = process.env
leaveEnvironment()
// A worker thread runs this again, in an environment that has been left already.
if (SIMULATOR_TIME) speedUp(JSON.parse(SIMULATOR_TIME))
if (SIMULATOR_DNS) askDnsAt(SIMULATOR_DNS)
syncBuiltinESMExports()

function leaveEnvironment() {
  delete process.env.SIMULATOR_TIME
  delete process.env.SIMULATOR_DNS
  const isThis = (place) => place === import.meta.url || place === fileURLToPath(import.meta.url)
  const options = (NODE_OPTIONS ?? '').split(/\s+/).filter(Boolean)
  const others = options.filter((option, index) => {
    if (option === '--import') return !isThis(options[index + 1])
    return !isThis(option.replace(/^--import=/, ''))
  })
  if (others.length > 0) process.env.NODE_OPTIONS = others.join(' ')
  else delete process.env.NODE_OPTIONS
}

function speedUp({ speed, simulated, real }) {
  const monotonic = performance.now.bind(performance)
  // Date.now() alone would make simulated time move in steps of `speed` milliseconds.
  const wall = performance.timeOrigin
  const now = () => simulated + (wall + monotonic() - real) * speed
  scaleDate(now)
  scalePerformance(speed, monotonic, now)
  scaleTimers((ms) => scaledDelay(ms, speed))
}

/** Never early: Node cuts fractions off. Never at once: it does that with less than 1 and with more than 2^31 - 1. */
function scaledDelay(ms, speed) {
  const delay = Math.ceil(Number(ms) / speed)
  return delay > 1 ? Math.min(delay, 2 ** 31 - 1) : 1
}

function scaleDate(now) {
  const RealDate = Date
  function ScaledDate(...parts) {
    if (!new.target) return new RealDate(now()).toString()
    return Reflect.construct(RealDate, parts.length > 0 ? parts : [now()], new.target)
  }
  // One prototype for both: a date of Node's own is a Date here, too.
  Object.defineProperties(ScaledDate, Object.getOwnPropertyDescriptors(RealDate))
  ScaledDate.now = () => Math.floor(now())
  RealDate.prototype.constructor = ScaledDate
  globalThis.Date = ScaledDate
}

function scalePerformance(speed, monotonic, now) {
  const { hrtime } = process
  const { bigint } = hrtime
  Object.defineProperty(performance, 'timeOrigin', { value: now() - monotonic() * speed })
  Object.defineProperty(performance, 'now', { value: () => monotonic() * speed })
  process.hrtime = (before) => {
    const [seconds, rest] = hrtime()
    const at = (BigInt(seconds) * 1_000_000_000n + BigInt(rest)) * BigInt(Math.round(speed))
    const since = before ? at - (BigInt(before[0]) * 1_000_000_000n + BigInt(before[1])) : at
    return [Number(since / 1_000_000_000n), Number(since % 1_000_000_000n)]
  }
  process.hrtime.bigint = () => bigint() * BigInt(Math.round(speed))
}

function scaleTimers(scaled) {
  const { setTimeout: realTimeout, setInterval: realInterval, clearTimeout: realClear } = timers
  const { setTimeout: realSleep, setInterval: realTicks } = timersPromises
  const { scheduler } = timersPromises
  /** Timers that are due and wait until input and output that arrived meanwhile has been seen. */
  const due = new WeakMap()
  const calledOff = (timeout) => {
    clearImmediate(due.get(timeout))
    due.delete(timeout)
  }

  /**
   * A timeout of 5 s at sixty times the speed is 83 ms: while the process is busy that long, the answer may have
   * arrived already. So what waits a second or more looks at the sockets once before it believes itself.
   */
  const patientTimeout = (callback, ms, args) => {
    const timeout = realTimeout(() => {
      const run = () => {
        due.delete(timeout)
        callback.apply(timeout, args)
      }
      due.set(timeout, setImmediate(run))
    }, scaled(ms))
    const { refresh, close } = timeout
    timeout.refresh = () => {
      calledOff(timeout)
      return refresh.call(timeout)
    }
    timeout.close = () => {
      calledOff(timeout)
      return close.call(timeout)
    }
    return timeout
  }

  const setTimeout = (callback, ms, ...args) =>
    typeof callback === 'function' && ms >= 1_000
      ? patientTimeout(callback, ms, args)
      : realTimeout(callback, scaled(ms), ...args)
  const setInterval = (callback, ms, ...args) => realInterval(callback, scaled(ms), ...args)
  const clear = (timeout) => {
    if (typeof timeout === 'object' && timeout) calledOff(timeout)
    realClear(timeout)
  }
  const sleep = (ms, ...rest) => realSleep(scaled(ms), ...rest)
  const ticks = (ms, ...rest) => realTicks(scaled(ms), ...rest)

  Object.defineProperty(setTimeout, promisify.custom, { value: sleep })
  const all = { setTimeout, setInterval, clearTimeout: clear, clearInterval: clear }
  Object.assign(globalThis, all)
  Object.assign(timers, all)
  Object.assign(timersPromises, { setTimeout: sleep, setInterval: ticks })
  Object.defineProperty(scheduler, 'wait', { value: (ms, options) => sleep(ms, undefined, options) })
  AbortSignal.timeout = (ms) => {
    const controller = new AbortController()
    const why = () => new DOMException('The operation was aborted due to timeout', 'TimeoutError')
    setTimeout(() => controller.abort(why()), ms).unref()
    return controller.signal
  }
}

function askDnsAt(server) {
  const pointed = (Resolver) =>
    class extends Resolver {
      constructor(options) {
        super(options)
        this.setServers([server])
      }
    }
  for (const module of [dns, dns.promises]) {
    module.setServers([server])
    module.Resolver = pointed(module.Resolver)
  }
}

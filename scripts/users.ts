import { createSocket } from 'node:dgram'
import { parseArgs } from 'node:util'
import { decode, encode } from 'dns-packet'
import { realClock } from '../simulator/clock.ts'
import { sendTo } from '../simulator/data-plane/http-get.ts'
import type { DnsRecord } from '../simulator/dns/names.ts'
import { startUsers } from '../simulator/users.ts'

// Users of a simulator that runs in another process, for checks that are shell scripts: they ask NAME all the time, by its
// DNS server and its proxy, until SIGTERM; then what they saw is printed as a line of JSON.
//   node scripts/users.ts --dns-port N --proxy-port N --speed N NAME

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { 'dns-port': { type: 'string' }, 'proxy-port': { type: 'string' }, speed: { type: 'string' } },
})
const number = (option: keyof typeof values) => Number(values[option])
const speed = number('speed')

/** The chain of A and CNAME records, asked over UDP. */
const lookup = (name: string) =>
  new Promise<readonly DnsRecord[]>((resolve, reject) => {
    const socket = createSocket('udp4')
    socket.once('error', reject).once('message', (message) => {
      socket.close()
      resolve(
        (decode(message).answers ?? []).filter(
          (answer) => answer.type === 'A' || answer.type === 'CNAME',
        ) as DnsRecord[],
      )
    })
    socket.send(
      encode({ type: 'query', id: 1, questions: [{ type: 'A', name }] }),
      number('dns-port'),
      '127.0.0.1',
    )
  })

const users = startUsers({
  clock: realClock({ speed }),
  names: { resolve: lookup },
  // The proxy takes a virtual address as a URL's host; the Host header stays the users' own.
  send: (address, request) =>
    sendTo(number('proxy-port'), { ...request, path: `http://${address}${request.path}` }),
  address: positionals[0] ?? '',
  count: 5,
  everyMs: 100 * speed,
  random: Math.random,
})

process.once('SIGTERM', async () => {
  await users.stop()
  const failures = users.requests().flatMap(({ failure }) => failure ?? [])
  process.stdout.write(`${JSON.stringify({ ...users.report(), failures: [...new Set(failures)] })}\n`)
})

import { parseArgs } from 'node:util'
import type { LocalAwsOrder } from './local-aws.ts'
import { likely, type Switches, unlikely } from './switches.ts'

/** What `--help` says. */
export const usage = `A local AWS: Elastic Beanstalk, Auto Scaling, Route 53, S3 and STS, with real applications.

npm run simulator -- [options]

  --port N            of the AWS endpoint (4566; 0: any that is free)
  --speed N           how many times as fast as real time (1)
  --region NAME       (us-east-1)
  --dns-port N        of the DNS server (any that is free)
  --proxy-port N      of the forward proxy for HTTP_PROXY (any that is free)
  --no-throttling     never answer Throttling
  --switch NAME=VALUE what AWS does where no source says, may be given again:
${Object.entries(likely)
  .map(([name, value]) => `                        ${name}=${value} (or ${unlikely[name as keyof Switches]})`)
  .join('\n')}
  --help
`

/** A mistake on the command line, in one sentence. */
export class OptionError extends Error {}

/** The command line as an order, or `help`. Throws OptionError. */
export function readOptions(args: readonly string[]): LocalAwsOrder | 'help' {
  const { values } = parse(args)
  if (values.help) return 'help'
  return {
    port: readPort('--port', values.port ?? '4566'),
    dnsPort: readPort('--dns-port', values['dns-port'] ?? '0'),
    proxyPort: readPort('--proxy-port', values['proxy-port'] ?? '0'),
    speed: readSpeed(values.speed ?? '1'),
    region: readRegion(values.region ?? 'us-east-1'),
    throttling: !values['no-throttling'],
    switches: Object.assign({}, ...(values.switch ?? []).map(readSwitch)),
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        port: { type: 'string' },
        speed: { type: 'string' },
        region: { type: 'string' },
        'dns-port': { type: 'string' },
        'proxy-port': { type: 'string' },
        'no-throttling': { type: 'boolean' },
        switch: { type: 'string', multiple: true },
        help: { type: 'boolean', short: 'h' },
      },
    })
  } catch (error) {
    throw new OptionError(`${(error as Error).message.split(/\.\s|\n/)[0]}; see --help.`)
  }
}

function readPort(option: string, value: string): number {
  const port = Number(value)
  if (/^\d+$/.test(value) && port <= 65_535) return port
  throw new OptionError(`${option} must be a port from 0 to 65535, not '${value}'.`)
}

function readSpeed(value: string): number {
  const speed = Number(value)
  if (value.trim() !== '' && Number.isFinite(speed) && speed > 0) return speed
  throw new OptionError(`--speed must be a number above 0, not '${value}'.`)
}

function readRegion(value: string): string {
  if (/^[a-z]{2,}(-[a-z]+)+-\d+$/.test(value)) return value
  throw new OptionError(`--region must be a region such as eu-central-1, not '${value}'.`)
}

function readSwitch(given: string): Partial<Switches> {
  const [name = '', value = ''] = given.split('=', 2)
  if (!Object.hasOwn(likely, name)) {
    throw new OptionError(`--switch knows no '${name}'; it knows ${Object.keys(likely).join(', ')}.`)
  }
  const key = name as keyof Switches
  if (key === 'staleReadsMs' || key === 'rulesSpreadWithinMs') {
    if (/^\d+$/.test(value)) return { [key]: Number(value) }
    throw new OptionError(`--switch ${key} must be milliseconds, not '${value}'.`)
  }
  const found = [likely[key], unlikely[key]].find((one) => String(one) === value)
  if (found !== undefined) return { [key]: found }
  throw new OptionError(`--switch ${name} is ${likely[key]} or ${unlikely[key]}, not '${value}'.`)
}

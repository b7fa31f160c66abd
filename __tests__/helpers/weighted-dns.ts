import type { DnsRecord } from '../../simulator/dns/names.ts'
import type { UserCommand } from '../../src/system/user-command.ts'
import { type Scenario, seeded } from './scenario.ts'

/** A DNS provider outside of AWS, with one name that leads to several environments by weights. */
export interface WeightedDns {
  /** By environment name; empty: nothing stands there. */
  weights: Readonly<Record<string, number>>
  /** The team's two commands, `traffic read` and `traffic write`. */
  readonly command: UserCommand
  /** What `traffic write` was asked for, as `90/10`, in order. */
  readonly written: string[]
  /** Answers instead of the next commands that begin so; `after` so many of these, `times` times: once when left out. */
  instead(order: Instead): void
}

/** What a command does for once. */
export interface Instead {
  readonly begins: string
  readonly answer: Partial<Awaited<ReturnType<UserCommand>>>
  readonly times?: number
  /** So many commands that begin so go well before. */
  readonly after?: number
}

/** Puts the provider's name into the story's DNS; every answer is drawn by the weights. */
export function weightedDns(story: Scenario, name: string, ttl = 60): WeightedDns {
  const random = seeded(11)
  const usual = story.aws.names.resolve
  const orders: { one: Instead; seen: number }[] = []
  const dns: WeightedDns = {
    weights: {},
    written: [],
    instead: (one) => void orders.push({ one, seen: 0 }),
    command: async ({ command, variables, within, signal }) => {
      const passed = { is: 'passed', says: 'exit status 0', printed: '', lastLine: '' } as const
      const due = orders.filter(({ one }) => command.startsWith(one.begins))
      for (const order of due) order.seen += 1
      const order = due.find(
        ({ one: { after = 0, times = 1 }, seen }) => seen > after && seen <= after + times,
      )
      if (order) {
        const { answer } = order.one
        if (answer.is === 'timed out') await sleep(story, within, signal)
        return { ...passed, ...answer }
      }
      if (command === 'traffic read') return { ...passed, printed: `${JSON.stringify(dns.weights)}\n` }
      const { BLUE_ENVIRONMENT: blue, GREEN_ENVIRONMENT: green, BLUE_WEIGHT, GREEN_WEIGHT } = variables
      dns.written.push(`${BLUE_WEIGHT}/${GREEN_WEIGHT}`)
      dns.weights = { [`${blue}`]: Number(BLUE_WEIGHT), [`${green}`]: Number(GREEN_WEIGHT) }
      return passed
    },
  }
  const drawn = (): readonly DnsRecord[] => {
    const sum = Object.values(dns.weights).reduce((total, weight) => total + weight, 0)
    let left = random() * sum
    const [chosen] =
      Object.entries(dns.weights).find(([, weight]) => {
        left -= weight
        return left < 0
      }) ?? []
    const cname = story.pair()[chosen ?? '']?.cname
    return cname === undefined ? [] : [{ name, type: 'CNAME', ttl, data: cname }, ...usual(cname)]
  }
  Object.assign(story.aws.names, {
    resolve: ((asked, type) => (asked === name ? drawn() : usual(asked, type))) as typeof usual,
  })
  return dns
}

const sleep = (story: Scenario, ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const cancel = story.clock.at(story.clock.now() + ms, resolve)
    signal.addEventListener('abort', () => {
      cancel()
      reject(signal.reason)
    })
  })

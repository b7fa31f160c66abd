import { createJournal } from '../../src/aws/pair-state.ts'
import { createStorage } from '../../src/aws/storage.ts'
import type { Holder, PairState } from '../../src/deployment/ports.ts'
import { type AwsWorld, awsWorld, bucket, portClock, seeded } from './world.ts'

export const key = 'blue-green/shop/shop-blue+shop-green.json'
export const url = `s3://${bucket}/${key}`
export const minutes = 60_000

interface Machine {
  readonly cancelled?: AbortSignal
  /** How far its clock is ahead of everybody's. */
  readonly aheadMs?: number
  /** Of the pair's state object, when it is another pair. */
  readonly key?: string
}

/** A world and runs in it, each a process with clients of its own. */
export function journalWorld(world: AwsWorld = awsWorld()) {
  let count = 0
  return {
    ...world,
    /** A run that wants the lock, with what it said. */
    process(name: string, changes: Partial<Holder> & Machine = {}) {
      const said: string[] = []
      const clock = portClock(world.clock)
      const { cancelled, aheadMs = 0, key: ofPair = key, ...rest } = changes
      const clients = world.connect(++count + 10)
      const journal = createJournal({
        clients,
        storage: createStorage({ clients, stateBucket: undefined }),
        clock: { ...clock, now: () => clock.now() + aheadMs },
        random: seeded(count + 20),
        key: ofPair,
        holder: { ...holder(name), ...rest },
        say: (text) => said.push(text),
        cancelled,
      })
      return { ...journal, journal, said, state: () => journal.state }
    },
    /** What lies in S3: the pair's state, or another object. */
    stored(at = key): Record<string, unknown> {
      const body = world.aws.buckets.read(bucket, at)
      return body === undefined ? {} : JSON.parse(Buffer.from(body).toString())
    },
    put(body: string, at = key) {
      world.aws.buckets.create(bucket)
      world.aws.buckets.put(bucket, at, Buffer.from(body))
    },
  }
}

const holder = (name: string): Holder => ({
  run: `acme/shop ${name}`,
  link: `https://github.com/acme/shop/actions/runs/${name}`,
  nonce: `nonce-of-${name}`,
  ttl: 5 * minutes,
  operation: 'deploy',
  baking: false,
})

/** A change that can be seen. */
export const promoting =
  (environment: string) =>
  (now: PairState): PairState => ({
    ...now,
    promotions: [
      { at: 1, by: 'deploy', environment, version: 'v1', before: { environment: 'e-0', version: 'v0' } },
      ...now.promotions,
    ],
  })

export const promoted = (state: PairState | undefined): string[] =>
  (state?.promotions ?? []).map(({ environment }) => environment)

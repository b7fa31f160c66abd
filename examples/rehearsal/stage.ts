import { type LocalAws, startLocalAws } from '../../simulator/local-aws.ts'
import { speedUpEnvironment } from '../../simulator/speed-up-environment.ts'
import { startUsers, type Users } from '../../simulator/users.ts'
import { type OpeningName, openings } from './openings.ts'

/** Everything that stands before the first act. */
export interface StageSet {
  readonly aws: LocalAws
  readonly users: Users
  readonly productionName: string
  /** How traffic reaches the environments, for the action. */
  readonly inputs: Readonly<Record<string, string>>
  /** What answers at the production address now, asked some times with no memory for DNS answers. */
  versionsReached(): Promise<readonly string[]>
  /** What a step's process needs to live in this world: endpoint, credentials, proxy, time, names. */
  environment(): Record<string, string>
  close(): Promise<void>
}

/** Starts a local AWS at `speed`, with 1.0.0 live on shop-blue, and users on the production address. */
export async function setStage(
  speed: number,
  {
    region = 'us-east-1',
    opening = 'cname-swap',
  }: { readonly region?: string; readonly opening?: OpeningName } = {},
): Promise<StageSet> {
  const aws = await startLocalAws({ speed, region })
  const { clock } = aws.simulator.cloud
  const { address, inputs, users: crowd } = await openings[opening](aws)
  const users = startUsers({
    clock,
    names: aws.simulator.names,
    send: aws.dataPlane.request,
    address,
    ...crowd,
    random: Math.random,
  })
  return {
    aws,
    users,
    productionName: address,
    inputs,
    versionsReached: () => versionsAt(aws, address),
    environment: () => ({
      AWS_ENDPOINT_URL: aws.url,
      AWS_REGION: aws.simulator.cloud.region,
      AWS_ACCESS_KEY_ID: 'rehearsal',
      AWS_SECRET_ACCESS_KEY: 'rehearsal',
      HTTP_PROXY: aws.proxyUrl,
      NO_PROXY: '127.0.0.1,localhost',
      ...speedUpEnvironment({ clock, speed, dnsPort: aws.dnsPort }),
    }),
    close: async () => {
      await users.stop()
      await aws.close()
    },
  }
}

async function versionsAt({ simulator, dataPlane }: LocalAws, address: string): Promise<readonly string[]> {
  const asked = Array.from({ length: 12 }, async () => {
    const to = simulator.names.resolve(address).find(({ type }) => type === 'A')?.data ?? ''
    const { headers } = await dataPlane.request(to, { method: 'GET', host: address, path: '/health' })
    return headers['x-version'] ?? 'nobody'
  })
  return [...new Set(await Promise.all(asked))]
}

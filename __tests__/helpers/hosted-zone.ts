import type { ResourceRecordSet } from '@aws-sdk/client-route-53'
import { Route53 } from '@aws-sdk/client-route-53'
import { STS } from '@aws-sdk/client-sts'
import type { HttpRequest } from '@smithy/core/protocols'
import { inProcess } from '../../simulator/in-process.ts'
import { amzDate } from '../../simulator/wire/authorization.ts'
import type { Scenario } from './scenario.ts'

/** The name that users know. */
export const www = 'www.example.com'

export type Line = readonly ['CREATE' | 'DELETE' | 'UPSERT', Partial<ResourceRecordSet>]

/** A hosted zone of the team's, as the team sees and changes it. */
export interface TeamZone {
  readonly id: string
  /** One batch by hand. Records are CNAMEs of `www` with a TTL of 300 s where they do not say otherwise. */
  change(...lines: readonly Line[]): Promise<void>
  /** What Route 53 lists at a name: type, weight by set identifier, target. */
  stands(name?: string): readonly string[]
  /** The name of the environment that a resolver is led to for certain; undefined when there is more than one. */
  leadsTo(name?: string): string | undefined
}

/** The zone example.com, in the account of the environments or in another one. Its name servers answer already. */
export async function hostedZone(story: Scenario, account?: string): Promise<TeamZone> {
  const { aws, clock } = story
  const handler = inProcess(aws)
  const config = (keys: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }) => ({
    region: 'us-east-1',
    credentials: keys,
    maxAttempts: 1,
    requestHandler: {
      ...handler,
      // The SDK learns the difference of the clocks once; virtual time then runs away from what it signs with.
      handle: (request: HttpRequest, options?: object) => {
        request.headers['x-amz-date'] = amzDate(clock.now())
        return handler.handle(request, options)
      },
    },
  })
  const own = { accessKeyId: 'AKIDTEAM', secretAccessKey: 'of-the-team' }
  const role = async () => {
    const { Credentials } = await new STS(config(own)).assumeRole({
      RoleArn: `arn:aws:iam::${account}:role/team`,
      RoleSessionName: 'team',
    })
    return {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    }
  }
  const r53 = new Route53(config(account ? await clock.run(role()) : own))
  const created = await clock.run(r53.createHostedZone({ Name: 'example.com', CallerReference: 'once' }))
  const id = created.HostedZone?.Id?.replace('/hostedzone/', '') ?? ''
  const records = (name = www) =>
    aws.route53
      .shown()
      .filter((zone) => zone.id === id)
      .flatMap((zone) => zone.records)
      .filter(({ Name }) => Name === `${name}.`)
  await settled(story)
  return {
    id,
    async change(...lines) {
      const Changes = lines.map(([Action, record]) => ({ Action, ResourceRecordSet: whole(record) }))
      await r53.changeResourceRecordSets({ HostedZoneId: id, ChangeBatch: { Changes } })
    },
    stands: (name) =>
      records(name).map(
        ({ Type, SetIdentifier, Weight, ResourceRecords = [], AliasTarget }) =>
          `${Type} ${SetIdentifier === undefined ? '' : `${SetIdentifier}=${Weight} `}${AliasTarget?.DNSName ?? ResourceRecords[0]?.Value}`,
      ),
    leadsTo(name) {
      const led = records(name).filter(({ Type, Weight = 1 }) => /^(CNAME|A)$/.test(`${Type}`) && Weight > 0)
      const target = led[0]?.AliasTarget?.DNSName ?? led[0]?.ResourceRecords?.[0]?.Value ?? ''
      const owner = aws.beanstalk
        .state()
        .environments.find(({ endpoint, cname }) =>
          [endpoint, cname].some((one) => one !== undefined && plain(one) === plain(target)),
        )
      return led.length === 1 ? owner?.name : undefined
    },
  }
}

const plain = (name: string): string =>
  name
    .toLowerCase()
    .replace(/\.$/, '')
    .replace(/^dualstack\./, '')

/** Lets the name servers learn everything. */
export const settled = ({ clock }: Scenario): Promise<void> => clock.runUntil(clock.now() + 130_000)

const whole = (record: Partial<ResourceRecordSet>): ResourceRecordSet => ({
  Name: www,
  Type: 'CNAME',
  ...(record.ResourceRecords && { TTL: 300 }),
  ...record,
})

/** Where a record leads. */
export const to = (target: string): Pick<ResourceRecordSet, 'ResourceRecords'> => ({
  ResourceRecords: [{ Value: target }],
})

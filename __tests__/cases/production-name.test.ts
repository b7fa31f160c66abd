import type { AppBehaviour } from '../../simulator/data-plane/behaviour.ts'
import { byHand } from '../helpers/by-hand.ts'
import { production, type Scenario } from '../helpers/scenario.ts'
import { tellCases } from './case.ts'
import { secret } from './standing.ts'

const shop = 'shop.example.com'
const ownCertificate = 'arn:aws:acm:us-east-1:123456789012:certificate/shop'
const otherCertificate = 'arn:aws:acm:us-east-1:123456789012:certificate/staging'

type Options = Readonly<Record<string, string>>

const https = (arn = ownCertificate): Options => ({
  'aws:elbv2:listener:443/Protocol': 'HTTPS',
  'aws:elbv2:listener:443/SSLCertificateArns': arn,
})
const onlyHttps: Options = { ...https(), 'aws:elbv2:listener:default/ListenerEnabled': 'false' }
const internal: Options = { 'aws:ec2:vpc/ELBScheme': 'internal' }

interface Standing {
  /** Of the live environment; HTTPS with the right certificate when left out. */
  readonly blue?: Options
  /** Of the other one; as blue's when left out. */
  readonly green?: Options
  readonly behaviour?: AppBehaviour
  /** Where shop.example.com leads; the production CNAME when left out. */
  readonly leadsTo?: (at: { readonly blue: string; readonly green: string }) => string
  readonly type?: 'CNAME' | 'alias'
}

/** A pair behind shop.example.com, with users who open that name. */
async function standing(
  story: Scenario,
  { blue = https(), green = blue, behaviour, leadsTo, type = 'CNAME' }: Standing = {},
): Promise<void> {
  const { aws, clock, apps } = story
  const { given } = aws.beanstalk
  aws.certificates.add({ arn: ownCertificate, names: [shop] })
  aws.certificates.add({ arn: otherCertificate, names: ['*.staging.example.com'] })
  given.version('shop', '1.0.0')
  if (behaviour) apps.set('1.1.0', behaviour)
  const shared = { application: 'shop', version: '1.0.0', minSize: 1 }
  const own = { 'aws:elasticbeanstalk:application:environment/DB_PASSWORD': secret }
  const one = await given.environment({
    ...shared,
    name: 'shop-blue',
    cnamePrefix: 'shop',
    instances: 2,
    options: { ...own, ...blue },
  })
  const other = await given.environment({ ...shared, name: 'shop-green', options: { ...own, ...green } })
  const at = { blue: one.endpoint, green: other.endpoint }
  aws.zone.point({ name: shop, to: leadsTo?.(at) ?? production, type })
  await clock.runUntil(clock.now() + 60_000)
  given.version('shop', '1.1.0')
}

const deploy = (story: Scenario, inputs: Readonly<Record<string, string>> = {}) =>
  // What differs between the two is put up with: it has to be seen by what the name shows.
  story.run({
    version: '1.1.0',
    'production-url': `https://${shop}`,
    configuration: 'keep',
    ...inputs,
  })

tellCases('production-name.md', "Under production's own name", [
  {
    name: 'Both environments serve the production domain over HTTPS',
    ends: 'promoted',
    says: [`It answers https://${shop}/health at its own address as shop-blue does.`],
    async play(story) {
      await standing(story)
      story.users(shop, { tls: true })
      return deploy(story)
    },
  },
  {
    name: 'The candidate has a certificate for another name',
    ends: 'failed',
    says: [
      `under production's name (https://${shop}/health) it answers: certificate is for another name; shop-blue answers there: status 200`,
      'Serves production now: shop-blue',
      /curl -i --connect-to shop\.example\.com:443:awseb-\S+\.elb\.amazonaws\.com:443 https:/,
    ],
    async play(story) {
      await standing(story, { green: https(otherCertificate) })
      story.users(shop, { tls: true })
      return deploy(story)
    },
  },
  {
    name: 'The candidate has no listener for HTTPS',
    ends: 'failed',
    says: [`it answers: timed out after 10 s; shop-blue answers there: status 200`],
    async play(story) {
      await standing(story, { green: {} })
      story.users(shop, { tls: true })
      return deploy(story)
    },
  },
  {
    name: 'A host rule of the candidate’s load balancer knows another name',
    ends: 'failed',
    says: ['it answers: status 502; shop-blue answers there: status 200'],
    async play(story) {
      const rule = (host: string): Options => ({
        ...https(),
        'aws:elbv2:listener:443/Rules': 'shop',
        'aws:elbv2:listener:443/DefaultProcess': 'nowhere',
        'aws:elasticbeanstalk:environment:process:nowhere/Port': '8081',
        'aws:elbv2:listenerrule:shop/HostHeaders': host,
      })
      await standing(story, { blue: rule(shop), green: rule('shop.example.org') })
      story.users(shop, { tls: true })
      return deploy(story)
    },
  },
  {
    name: 'The new version does not know the production domain',
    ends: 'failed',
    says: ['it answers: status 404; shop-blue answers there: status 200'],
    async play(story) {
      await standing(story, {
        behaviour: { respond: ({ host }) => (host === shop ? { status: 404 } : undefined) },
      })
      story.users(shop, { tls: true })
      return deploy(story)
    },
  },
  {
    name: 'The new version redirects to somewhere else',
    ends: 'failed',
    says: ['it answers: status 302 to https://staging.example.com/; shop-blue answers there: status 200'],
    async play(story) {
      const elsewhere = { status: 302, headers: { location: 'https://staging.example.com/' } }
      await standing(story, { behaviour: { respond: ({ host }) => (host === shop ? elsewhere : undefined) } })
      story.users(shop, { tls: true })
      return deploy(story)
    },
  },
  {
    name: 'Production answers with its login page, and so does the new version',
    ends: 'promoted',
    says: [`It answers https://${shop}/health at its own address as shop-blue does.`],
    async play(story) {
      const login = { status: 302, headers: { location: '/login' } }
      const behaviour = { respond: () => login }
      story.apps.set('1.0.0', behaviour)
      await standing(story, {
        behaviour,
        blue: { ...https(), 'aws:elasticbeanstalk:environment:process:default/MatcherHTTPCode': '200-399' },
      })
      story.users(shop, { tls: true })
      return deploy(story)
    },
  },
  {
    name: 'The environments serve HTTPS only',
    ends: 'promoted',
    says: [`It answers https://${shop}/health at its own address as shop-blue does.`],
    async play(story) {
      await standing(story, { blue: onlyHttps })
      story.users(shop, { tls: true })
      return deploy(story)
    },
  },
  {
    name: 'The environments serve HTTPS only, and the candidate has a certificate for another name',
    ends: 'failed',
    says: ['it answers: certificate is for another name; shop-blue answers there: status 200'],
    async play(story) {
      await standing(story, { blue: onlyHttps, green: { ...onlyHttps, ...https(otherCertificate) } })
      story.users(shop, { tls: true })
      return deploy(story)
    },
  },
  {
    name: 'The new environment is to have a certificate that is not there',
    ends: 'failed',
    says: [
      'Creating Load Balancer listener failed Reason: Certificate',
      "'arn:aws:acm:us-east-1:123456789012:certificate/gone' not found",
    ],
    async play(story) {
      await standing(story)
      story.users(shop, { tls: true })
      const gone = {
        Namespace: 'aws:elbv2:listener:443',
        OptionName: 'SSLCertificateArns',
        Value: 'arn:aws:acm:us-east-1:123456789012:certificate/gone',
      }
      return deploy(story, { 'green-environment': 'shop-new', 'option-settings': JSON.stringify([gone]) })
    },
  },
  {
    name: 'A firewall does not let the runner in, whoever is live',
    ends: 'promoted',
    says: ['answers from here with status 403: what users see is not measured'],
    async play(story) {
      const behaviour: AppBehaviour = {
        respond: ({ host, path }) => (host === shop && path === '/account' ? { status: 403 } : undefined),
      }
      story.apps.set('1.0.0', behaviour)
      await standing(story, { behaviour })
      story.users(shop, { tls: true })
      return deploy(story, { 'production-url': `https://${shop}/account` })
    },
  },
  {
    name: 'HTTPS of the new live is switched off by hand, and that is all it serves',
    ends: 'rolled-back',
    says: [`production (https://${shop}/health): timed out`, 'Serves production now: shop-blue'],
    usersSeeFailures: true,
    async play(story) {
      await standing(story, { blue: onlyHttps })
      story.users(shop, { tls: true })
      const running = story.start({
        version: '1.1.0',
        'production-url': `https://${shop}`,
        'bake-time': '30m',
      })
      const { environments } = story.aws.beanstalk.state()
      const green = environments.find(({ name }) => name === 'shop-green')?.id ?? ''
      while (!running.seen.log.includes('▸ Bake')) await story.clock.runUntil(story.clock.now() + 5_000)
      const option = { Namespace: 'aws:elbv2:listener:443', OptionName: 'ListenerEnabled', Value: 'false' }
      await byHand(story).setOption(green, option)
      return story.clock.run(running.ended)
    },
  },
  {
    name: 'The load balancers are internal, and the runner is outside',
    ends: 'promoted',
    says: ['does not answer from here (timed out after 10 s): what users see is not measured'],
    async play(story) {
      await standing(story, { blue: internal })
      story.users(shop, { inside: true })
      return deploy(story, { 'production-url': '' })
    },
  },
  {
    name: 'The load balancers are internal, and production must be seen',
    ends: 'failed',
    says: ['does not answer from here (timed out after 10 s), and `probe: required` wants it to'],
    async play(story) {
      await standing(story, { blue: internal })
      story.users(shop, { inside: true })
      return deploy(story, { 'production-url': '', probe: 'required' })
    },
  },
  {
    name: 'The production domain is a CNAME of the live load balancer',
    ends: 'failed',
    says: [`${shop} is a CNAME of the load balancer of shop-blue itself`, `dig +noall +answer ${shop}`],
    async play(story) {
      await standing(story, { leadsTo: ({ blue }) => blue })
      story.users(shop, { tls: true })
      return deploy(story)
    },
  },
  {
    name: 'The production domain is an alias of the live load balancer',
    ends: 'rolled-back',
    says: [
      `${shop} still leads to shop-blue: it points straight at its load balancer`,
      `dig +noall +answer ${shop}`,
    ],
    async play(story) {
      await standing(story, { leadsTo: ({ blue }) => blue, type: 'alias' })
      story.users(shop, { tls: true })
      return deploy(story)
    },
  },
  {
    name: 'The production domain is an alias of the other load balancer',
    ends: 'failed',
    says: ['The witnesses disagree'],
    async play(story) {
      await standing(story, { leadsTo: ({ green }) => green, type: 'alias' })
      story.users(shop, { tls: true })
      return deploy(story)
    },
  },
])

import { createHash } from 'node:crypto'
import { isWrong, wrong } from './mistakes.ts'
import { line } from './parse.ts'
import type { Parse } from './read.ts'

/** 4 to 40 letters, digits and hyphens, none of them at the ends [botocore: EnvironmentName; A.7]. */
export const environmentName: Parse<string> = (text) =>
  /^[A-Za-z0-9](?:[A-Za-z0-9-]{2,38})[A-Za-z0-9]$/.test(text)
    ? text
    : wrong(
        "A name of Beanstalk's environments has 4 to 40 letters, digits and hyphens, and no hyphen at its ends.",
        'Write the name as the Beanstalk console shows it.',
      )

/**
 * Any text that has a letter or digit, made a name of Beanstalk's: `shop-feature/basket` becomes `shop-feature-basket-1f0c2a`.
 * What had to be changed gets the beginning of its SHA-256 at the end, so that two texts do not become one name.
 */
export const fittingName: Parse<string> = (text) => {
  if (!isWrong(environmentName(text)) || !/[A-Za-z0-9]/.test(text)) return environmentName(text)
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 6)
  const words = text.replace(/[^A-Za-z0-9]+/g, '-').slice(0, 33)
  return `${words.replace(/^-|-$/g, '')}-${digest}`
}

/** Names of environments, with `*` for any characters; never a pattern that fits nearly everything. */
export const namePattern: Parse<string> = (text) =>
  /^[A-Za-z0-9-]{4,}[A-Za-z0-9*-]*$/.test(text)
    ? text
    : wrong(
        'It must be a name that begins with four letters, digits or hyphens or more, with `*` for the rest.',
        'Write for example `shop-pr-*`.',
      )

/** 1 to 100 characters without a slash [botocore: ApplicationName; API:CreateApplication]. */
export const applicationName: Parse<string> = (text) =>
  text.includes('/')
    ? wrong('It must not contain a slash.', 'Write the name as the Beanstalk console shows it.')
    : line(100)(text)

/** A CNAME prefix of 4 to 63 characters [botocore: DNSCnamePrefix], or a whole DNS name. */
export const cname: Parse<string> = (text) => {
  if (/^https?:\/\//i.test(text))
    return wrong('It is a name, not an address.', 'Leave out `http://` and everything after the name.')
  const label = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i
  const labels = text.split('.')
  if (labels.every((one) => label.test(one)) && text.length <= 255 && (labels.length > 1 || text.length >= 4))
    return text.toLowerCase()
  return wrong(
    'It must be a CNAME prefix (4 to 63 letters, digits and hyphens) or a whole name.',
    'Write for example `shop` or `shop.eu-west-1.elasticbeanstalk.com`.',
  )
}

/** Of a hosted zone, with or without `/hostedzone/` before it. [BC:route53 ResourceId] */
export const hostedZoneId: Parse<string> = (text) => {
  const id = text.replace(/^\/hostedzone\//, '')
  return /^[A-Z0-9]{1,32}$/.test(id)
    ? id
    : wrong('It must be the id of a hosted zone.', 'Write for example `Z0123456789ABCDEFGHIJ`.')
}

/** A name in a zone of the team's own; the dot at its end is left out. */
export const recordName: Parse<string> = (text) => {
  const name = text.toLowerCase().replace(/\.$/, '')
  const label = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/
  const labels = name.split('.')
  if (labels.length < 2 || name.length > 255 || !labels.every((one) => label.test(one)))
    return wrong('It must be a whole DNS name.', 'Write for example `www.example.com`.')
  if (/\.(elasticbeanstalk\.com|amazonaws\.com)(\.cn)?$/.test(name))
    return wrong(
      'It must be a name of your own zone, and this one is AWS’s.',
      'Give the name that your users know; for a Beanstalk name leave `traffic` at `cname-swap`.',
    )
  return name
}

const arn = (resource: string): RegExp =>
  new RegExp(`^arn:aws[\\w-]*:elasticloadbalancing:[a-z0-9-]+:\\d{12}:${resource}$`)
const listenerOrRule = arn('listener(?:-rule)?/app/[\\w-]+/[0-9a-f]+/[0-9a-f]+(?:/[0-9a-f]+)?')

/** ARNs of listeners or of their rules, by commas or lines. [BC:elbv2] */
export const arnsOfRules: Parse<readonly string[]> = (text) => {
  const all = text.split(/[\s,]+/).filter((one) => one !== '')
  const bad = all.find((one) => !listenerOrRule.test(one))
  if (bad === undefined && all.length > 0 && new Set(all).size === all.length) return all
  return wrong(
    bad === undefined
      ? 'It names one twice.'
      : `${bad.slice(0, 200)} is no ARN of a rule or listener of an Application Load Balancer.`,
    'List the ARNs of rules, or of listeners for their default actions: aws elbv2 describe-rules --listener-arn ARN',
  )
}

/** The ARN of a target group. [BC:elbv2] */
export const targetGroupArn: Parse<string> = (text) =>
  arn('targetgroup/[\\w-]+/[0-9a-f]+').test(text)
    ? text
    : wrong('It must be the ARN of a target group.', 'Find it with: aws elbv2 describe-target-groups')

/** An absolute path, with a query if wanted. */
export const path: Parse<string> = (text) =>
  /^\/(?!\/)[^\s#]*$/.test(text)
    ? text
    : wrong('It must be a path that begins with one slash.', 'Write for example `/health`.')

/** An http or https address without credentials in it. */
export const address: Parse<URL> = (text) => {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !/^https?:$/.test(url.protocol) || url.hash !== '')
    return wrong('It must be an http or https address.', 'Write for example `https://shop.example.com`.')
  if (url.username !== '' || url.password !== '')
    return wrong('It must not carry a user name or password.', 'Leave out everything before the `@`.')
  return url
}

/** A shell that GitHub knows, or a template with `{0}`. */
export const shell: Parse<string> = (text) => {
  if (['bash', 'sh', 'pwsh', 'python'].includes(text)) return text
  if (/^\S.*\{0\}/.test(text)) return text
  return wrong(
    'It must be `bash`, `sh`, `pwsh`, `python`, or a command with `{0}` for the script.',
    'Write for example `bash` or `perl {0}`.',
  )
}

/** A region as AWS writes them. */
export const region: Parse<string> = (text) =>
  /^[a-z]{2,}(?:-[a-z]+)+-\d+$/.test(text)
    ? text
    : wrong('It must be the name of an AWS region.', 'Write for example `eu-west-1`.')

/** 3 to 63 small letters, digits, dots and hyphens [S3: bucket naming rules]. */
export const bucket: Parse<string> = (text) => {
  const short = line(63)(text)
  if (!isWrong(short) && /^[a-z0-9][a-z0-9.-]+[a-z0-9]$/.test(text)) return text
  return wrong(
    'A bucket has 3 to 63 small letters, digits, dots and hyphens.',
    'Write its name only, without `s3://`.',
  )
}

/** A role's ARN as the IAM console shows it, in any partition. */
export const roleArn: Parse<string> = (text) =>
  /^arn:aws[\w-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/.test(text)
    ? text
    : wrong('It must be the ARN of a role.', 'Write for example `arn:aws:iam::123456789012:role/deploy`.')

/** 2 to 64 letters, digits and `_+=,.@-` [BC:sts RoleSessionName]. */
export const roleSessionName: Parse<string> = (text) =>
  /^[\w+=,.@-]{2,64}$/.test(text)
    ? text
    : wrong('It must have 2 to 64 letters, digits and `_+=,.@-`.', 'Write for example `deploy-shop`.')

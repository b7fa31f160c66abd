import { createHash } from 'node:crypto'
import type { Balancing, Listener, LoadBalancer } from './model.ts'

/** The ARN of a new load balancer. [BC:elbv2] */
export const loadBalancerArn = (
  balancing: Balancing,
  { name, type }: { readonly name: string; readonly type: LoadBalancer['type'] },
): string =>
  arn(balancing, `loadbalancer/${type === 'network' ? 'net' : 'app'}/${name}/${nextId(balancing, name)}`)

/** The ARN of a new target group. [BC:elbv2] */
export const targetGroupArn = (balancing: Balancing, name: string): string =>
  arn(balancing, `targetgroup/${name}/${nextId(balancing, name)}`)

/** The ARN of a new listener. [BC:elbv2] */
export const listenerArn = (balancing: Balancing, loadBalancer: LoadBalancer): string =>
  `${loadBalancer.arn.replace(':loadbalancer/', ':listener/')}/${nextId(balancing, loadBalancer.name)}`

/** The ARN of a new rule. [BC:elbv2] */
export const ruleArn = (balancing: Balancing, listener: Listener): string =>
  `${listener.arn.replace(':listener/', ':listener-rule/')}/${nextId(balancing, listener.arn)}`

/** A number as in `my-balancer-424835706.us-west-2.elb.amazonaws.com`. */
export const dnsNumber = (arn: string): number => Number.parseInt(hash(arn).slice(0, 8), 16) % 1_000_000_000

const arn = ({ cloud }: Balancing, resource: string): string =>
  `arn:aws:elasticloadbalancing:${cloud.region}:${cloud.account}:${resource}`

/** Sixteen hexadecimal digits; drawn from nothing, so that load balancers do not change the histories of seeds. */
function nextId(balancing: Balancing, name: string): string {
  balancing.made += 1
  return hash(`${balancing.made} ${name}`).slice(0, 16)
}

const hash = (text: string): string => createHash('sha256').update(text).digest('hex')

/** Thirteen capitals and digits, as CloudFormation ends the names of target groups. */
export function suffix(balancing: Balancing, text: string): string {
  balancing.made += 1
  const digits = BigInt(`0x${hash(`${balancing.made} ${text}`)}`).toString(36)
  return digits.slice(0, 13).toUpperCase()
}

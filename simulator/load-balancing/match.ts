import type { AppRequest } from '../data-plane/data-plane.ts'
import type { Condition } from './model.ts'

/** Where every client is, as far as conditions on its address go (assumed). */
export const clientAddress = '127.0.0.1'

/** Do all conditions of a rule hold? `*` is any text, `?` one character. [ALB:load-balancer-listeners] */
export const matches = (conditions: readonly Condition[], request: AppRequest): boolean =>
  conditions.every((condition) => holds(condition, request))

function holds(condition: Condition, { method, host, path, headers = {} }: AppRequest): boolean {
  const values = valuesOf(condition)
  switch (condition.Field) {
    case 'host-header': {
      const name = host.replace(/:\d+$/, '')
      return values.some((value) => pattern(value, 'i').test(name))
    }
    case 'path-pattern':
      return values.some((value) => pattern(value).test(path.split('?')[0] ?? '/'))
    case 'http-request-method':
      return values.includes(method)
    case 'http-header': {
      const name = condition.HttpHeaderConfig?.HttpHeaderName?.toLowerCase()
      const found = Object.entries(headers).find(([one]) => one.toLowerCase() === name)?.[1]
      return found !== undefined && values.some((value) => pattern(value, 'i').test(found))
    }
    case 'query-string': {
      const query = [...new URLSearchParams(path.split('?')[1] ?? '')]
      return (condition.QueryStringConfig?.Values ?? []).some(({ Key, Value = '*' }) =>
        query.some(
          ([key, value]) =>
            (Key === undefined || pattern(Key, 'i').test(key)) && pattern(Value, 'i').test(value),
        ),
      )
    }
    case 'source-ip':
      return values.some((value) => isIn(clientAddress, value))
    default:
      return false
  }
}

/** The values of a condition, in whichever of its two forms they came. [BC:elbv2 RuleCondition] */
export function valuesOf(condition: Condition): readonly string[] {
  const { Values, HostHeaderConfig, PathPatternConfig, HttpHeaderConfig } = condition
  const { HttpRequestMethodConfig, SourceIpConfig } = condition
  const config =
    HostHeaderConfig ?? PathPatternConfig ?? HttpHeaderConfig ?? HttpRequestMethodConfig ?? SourceIpConfig
  return config?.Values ?? Values ?? []
}

const pattern = (text: string, flags = ''): RegExp =>
  new RegExp(`^${text.replace(/\W/g, (one) => ({ '*': '.*', '?': '.' })[one] ?? `\\${one}`)}$`, `s${flags}`)

/** Is an IPv4 address in a block such as `10.0.0.0/8`? */
function isIn(address: string, block: string): boolean {
  const [network = '', bits = '32'] = block.split('/')
  if (!/^[\d.]+$/.test(network)) return false
  const number = (text: string) => text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
  const size = 2 ** (32 - Number(bits))
  return Math.floor(number(address) / size) === Math.floor(number(network) / size)
}

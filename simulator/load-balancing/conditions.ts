import { invalid } from './errors.ts'
import { valuesOf } from './match.ts'
import type { Condition } from './model.ts'

/** Conditions as they are kept and shown; throws what Elastic Load Balancing refuses them with. [ALB:load-balancer-listeners] */
export function settledConditions(conditions: readonly Condition[]): readonly Condition[] {
  if (conditions.length === 0) throw invalid('A condition must be specified')
  for (const { Field = '' } of conditions)
    if (!(Field in CONFIGS))
      throw invalid(`Condition field '${Field}' must be one of '[${Object.keys(CONFIGS).join(', ')}]'`)
  const once = conditions.map(({ Field }) => Field).filter((field) => !MANY.has(field ?? ''))
  const twice = once.find((field, at) => once.indexOf(field) !== at)
  if (twice !== undefined) throw invalid(`A rule can only have one '${twice}' condition`)
  const count = conditions.reduce(
    (sum, one) => sum + valuesOf(one).length + (one.QueryStringConfig?.Values?.length ?? 0),
    0,
  )
  if (count > 5) throw invalid("A rule can only have '5' condition values")
  return conditions.map(settle)
}

/** Hosts and paths are shown in both forms, whichever they came in. [BC:elbv2 RuleCondition] */
function settle(condition: Condition): Condition {
  const { Field = '' } = condition
  if (Field === 'query-string') return condition
  const values = valuesOf(condition)
  if (values.length === 0) throw invalid(`A '${Field}' condition must have values`)
  if (Field === 'http-header') return condition
  const config = { [CONFIGS[Field] ?? '']: { Values: values } }
  return MANY.has(Field) || !BOTH.has(Field) ? { Field, ...config } : { Field, Values: values, ...config }
}

const CONFIGS: Readonly<Record<string, string>> = {
  'host-header': 'HostHeaderConfig',
  'path-pattern': 'PathPatternConfig',
  'http-header': 'HttpHeaderConfig',
  'query-string': 'QueryStringConfig',
  'http-request-method': 'HttpRequestMethodConfig',
  'source-ip': 'SourceIpConfig',
}

/** A rule can have several of these, and only one of each of the others. */
const MANY = new Set(['http-header', 'query-string'])
const BOTH = new Set(['host-header', 'path-pattern'])

import * as autoScaling from '@aws-sdk/client-auto-scaling'
import * as beanstalk from '@aws-sdk/client-elastic-beanstalk'
import * as balancing from '@aws-sdk/client-elastic-load-balancing-v2'
import * as sts from '@aws-sdk/client-sts'
import { iamModel } from '../iam/model.ts'
import { apiConstraints } from './api-constraints.ts'
import { withPrivateMembers } from './private-members.ts'
import { type Shape, shapeOf } from './shapes.ts'

/** What the wire has to know about a service of the query protocol. */
export interface QueryModel {
  /** The SigV4 scope. */
  readonly scope: string
  readonly version: string
  readonly namespace: string
  /** Elastic Beanstalk answers JSON to who asks for it. */
  readonly json: boolean
  /** Undefined when the API has no such operation. */
  operation(name: string): OperationModel | undefined
}

export interface OperationModel {
  readonly input: Shape
  readonly output: Shape
}

/** The services of the query protocol that the simulator can speak. [BC:elasticbeanstalk] [BC:autoscaling] [BC:elbv2] [BC:sts] [BC:iam] */
export function createModels(): readonly QueryModel[] {
  return [
    model(beanstalk, {
      scope: 'elasticbeanstalk',
      version: '2010-12-01',
      namespace: 'http://elasticbeanstalk.amazonaws.com/docs/2010-12-01/',
      json: true,
    }),
    model(autoScaling, {
      scope: 'autoscaling',
      version: '2011-01-01',
      namespace: 'http://autoscaling.amazonaws.com/doc/2011-01-01/',
      json: false,
    }),
    model(balancing, {
      scope: 'elasticloadbalancing',
      version: '2015-12-01',
      namespace: 'http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/',
      json: false,
    }),
    model(sts, {
      scope: 'sts',
      version: '2011-06-15',
      namespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
      json: false,
    }),
    iamModel,
  ]
}

function model(client: object, about: Omit<QueryModel, 'operation'>): QueryModel {
  const exported = client as Readonly<Record<string, unknown>>
  const constraints = apiConstraints[about.scope] ?? {}
  const known = new Map<string, OperationModel | undefined>()
  const operation = (name: string) => {
    // The SDK exports each operation as [9, namespace, name, traits, input, output].
    const schema = exported[`${name}$`] as readonly unknown[] | undefined
    if (!Array.isArray(schema) || schema[0] !== 9) return undefined
    const [input, output] = [schema[4], schema[5]] as [() => unknown, () => unknown]
    const model = { input: shapeOf(input(), constraints), output: shapeOf(output(), constraints) }
    return about.scope === 'elasticbeanstalk' ? withPrivateMembers(name, model) : model
  }
  return {
    ...about,
    operation(name) {
      if (!known.has(name)) known.set(name, operation(name))
      return known.get(name)
    },
  }
}

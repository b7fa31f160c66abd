import type { TargetHealthDescription } from '@aws-sdk/client-elastic-load-balancing-v2'
import { describe, expect, it } from 'vitest'
import { weightsIn, withWeights } from '../../../src/aws/load-balancer/forward.ts'
import { fitnessOf } from '../../../src/aws/load-balancer/target-health.ts'

describe('a forward action', () => {
  it('has the same weights in both of its forms', () => {
    expect(weightsIn([{ Type: 'forward', TargetGroupArn: 'a' }])).toEqual({ a: 1 })
    const config = { TargetGroups: [{ TargetGroupArn: 'a' }] }
    expect(weightsIn([{ Type: 'forward', TargetGroupArn: 'a', ForwardConfig: config }])).toEqual({ a: 1 })
    expect(weightsIn([{ Type: 'forward', ForwardConfig: config }])).toEqual({ a: 1 })
    expect(weightsIn([{ Type: 'fixed-response' }])).toEqual({})
  })

  it('is sent without the single form, with everything else as it was', () => {
    const sticky = { Enabled: true, DurationSeconds: 60 }
    const before = {
      Type: 'forward' as const,
      Order: 3,
      TargetGroupArn: 'a',
      ForwardConfig: {
        TargetGroups: [{ TargetGroupArn: 'a', Weight: 7 }],
        TargetGroupStickinessConfig: sticky,
      },
    }
    const TargetGroups = [
      { TargetGroupArn: 'a', Weight: 7 },
      { TargetGroupArn: 'b', Weight: 0 },
    ]
    expect(withWeights([before], { b: 0 })).toEqual([
      { Type: 'forward', Order: 3, ForwardConfig: { TargetGroups, TargetGroupStickinessConfig: sticky } },
    ])
  })

  it('loses the group that is taken out, and no other', () => {
    const ForwardConfig = { TargetGroups: [{ TargetGroupArn: 'a' }, { TargetGroupArn: 'b', Weight: 0 }] }
    const [after] = withWeights([{ Type: 'forward', ForwardConfig }], { b: undefined })
    expect(after?.ForwardConfig?.TargetGroups).toEqual([{ TargetGroupArn: 'a', Weight: 1 }])
  })
})

describe('the health of targets', () => {
  const target = (Id: string, State: string, Reason?: string, Description?: string) =>
    ({ Target: { Id }, TargetHealth: { State, Reason, Description } }) as TargetHealthDescription

  it('is good when all are healthy but for those that leave', () => {
    const leaving = target('i-2', 'draining', 'Target.DeregistrationInProgress')
    expect(fitnessOf([target('i-1', 'healthy'), leaving])).toEqual({ is: 'healthy' })
    expect(fitnessOf([leaving])).toMatchObject({ is: 'not yet', why: expect.stringContaining('no target') })
  })

  it('is told in words, three at most', () => {
    expect(
      fitnessOf([
        target('i-1', 'healthy'),
        target('i-2', 'initial', 'Elb.InitialHealthChecking', 'Initial health checks in progress'),
        target('i-3', 'unhealthy', 'Target.Timeout'),
        target('i-4', 'unused', 'Target.NotInUse'),
        target('i-5', 'unavailable'),
      ]),
    ).toEqual({
      is: 'not yet',
      why: '1 of 5 targets is healthy (i-2 is initial: Elb.InitialHealthChecking, Initial health checks in progress; i-3 is unhealthy: Target.Timeout; i-4 is unused: Target.NotInUse; …)',
    })
  })

  it('is not known when none is checked, and bad when only some are not', () => {
    const unused = target('i-1', 'unused', 'Target.NotInUse')
    expect(fitnessOf([unused]).is).toBe('unchecked')
    expect(fitnessOf([unused, target('i-2', 'unhealthy')]).is).toBe('not yet')
    expect(fitnessOf([target('i-1', 'unused', 'Target.InvalidState')]).is).toBe('not yet')
  })
})

import { expect, it } from 'vitest'
import { refusal } from '../beanstalk-world.ts'
import { balancingWorld, weighted } from './balancing-world.ts'

it('faults strike calls about load balancers by their names, like all others', async () => {
  const { simulator, elb, run, given, targetGroup } = await balancingWorld()
  const { listener: ListenerArn } = await given.loadBalancer('front-end')
  const group = await targetGroup('blue')
  const { faults } = simulator.cloud
  const change = () =>
    run(refusal(elb.modifyListener({ ListenerArn, DefaultActions: [weighted({ [group]: 1 })] })))
  const isChanged = () =>
    simulator.beanstalk.balancers().loadBalancers[0]?.listeners[0]?.rules[0]?.actions[0]?.Type === 'forward'

  faults.order({ fault: 'throttled', operation: 'ModifyListener' })
  expect(await change()).toBe('Throttling: Rate exceeded')
  faults.order({ fault: 'denied', operation: 'ModifyListener' })
  expect(await change()).toMatch(/not authorized to perform: elasticloadbalancing:ModifyListener/)
  expect(isChanged()).toBe(false)
  faults.order({ fault: 'answer-lost', operation: 'ModifyListener' })
  expect(await change()).toMatch(/ECONNRESET|TimeoutError/)
  expect(isChanged()).toBe(true)
  expect(simulator.calls.filter(({ operation }) => operation === 'ModifyListener')).toMatchObject([
    { service: 'elasticloadbalancing', error: 'Throttling', mutating: true },
    { error: 'AccessDenied' },
    { error: 'answer-lost' },
  ])
})

import { describe, expect, it } from 'vitest'
import { loadBalancerZone } from '../../../simulator/load-balancing/hosted-zones.ts'

describe("the hosted zone of a region's load balancers", () => {
  it('is the one that AWS documents, and another one for Network Load Balancers', () => {
    expect(loadBalancerZone('us-east-1', 'application')).toBe('Z35SXDOTRQ7X7K')
    expect(loadBalancerZone('us-east-1', 'classic')).toBe('Z35SXDOTRQ7X7K')
    expect(loadBalancerZone('us-east-1', 'network')).toBe('Z26RNL4JYFTOTI')
  })

  it('is made up, and always the same, for a region that is not in the table', () => {
    const made = loadBalancerZone('xx-moon-1', 'application')
    expect(made).toMatch(/^Z0[0-9A-F]{18}$/)
    expect(loadBalancerZone('xx-moon-1', 'classic')).toBe(made)
    expect(loadBalancerZone('xx-moon-1', 'network')).not.toBe(made)
    expect(loadBalancerZone('xx-mars-1', 'application')).not.toBe(made)
  })
})

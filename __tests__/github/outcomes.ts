import type { Outcome } from '../../src/deployment/outcome.ts'

const blue = { name: 'shop-blue', id: 'e-blue000001', version: '1.3.9' }
const green = { name: 'shop-green', id: 'e-green00001', version: '1.4.0' }

/** A deployment that went well. */
export const promoted: Outcome = {
  operation: 'deploy',
  is: 'promoted',
  says: 'Version 1.4.0 serves production from shop-green.',
  steps: [],
  live: green,
  standby: blue,
  lastSeen: undefined,
  liveBefore: blue,
  otherBefore: { ...green, version: '1.3.8' },
  previousVersion: '1.3.9',
  productionName: 'shop.eu-west-1.elasticbeanstalk.com',
  productionUrl: 'https://shop.example.com/health',
  candidateUrl: 'http://shop-green.eba-x.eu-west-1.elasticbeanstalk.com',
  proof: 'shop.example.com resolves to the addresses of shop-green.',
  testsPassed: true,
  testResults: undefined,
  users: { requests: 342, failures: 0, downtime: 0, examples: [] },
  stages: [
    { title: 'Lock', beganAt: 0, took: 900, ended: 'well' },
    { title: 'Plan', beganAt: 900, took: 2_400, ended: 'well' },
    { title: 'Publish version', beganAt: 3_300, took: 11_000, ended: 'well' },
    { title: 'Prepare candidate', beganAt: 14_300, took: 194_000, ended: 'well' },
    { title: 'Verify candidate', beganAt: 208_300, took: 73_000, ended: 'well' },
    { title: 'Shift traffic', beganAt: 281_300, took: 6_200, ended: 'well' },
    { title: 'Bake', beganAt: 287_500, took: 301_000, ended: 'well' },
    { title: 'Retire standby', beganAt: 588_500, took: 400, ended: 'well' },
  ],
  undone: [],
  left: ['environment shop-blue (e-blue000001) is kept as the way back'],
  warnings: [],
  remedies: [{ why: 'To go back, run this action with `operation: rollback`.' }],
  took: 589_000,
  bringUpTook: 278_000,
  switchTook: 6_200,
  wayBackTook: undefined,
  bug: undefined,
}

/** A deployment that came back out of its bake. */
export const rolledBack: Outcome = {
  ...promoted,
  is: 'rolled-back',
  says: 'production address: production (https://shop.example.com/health): status 500',
  live: blue,
  standby: green,
  proof: undefined,
  users: { requests: 97, failures: 8, downtime: 9_400, examples: ['status 500', 'connection reset'] },
  lastWords: {
    environment: 'shop-green',
    causes: ['61.4 % of the requests are failing with HTTP 5xx.'],
    logs: [
      {
        instance: 'i-0a1b2c3d4e5f60718',
        lines: ['/var/log/web.stdout.log:', 'Error: no connection is left', '    at pool.js:12:3'],
      },
    ],
  },
  stages: [
    ...promoted.stages.slice(0, 6),
    { title: 'Bake', beganAt: 287_500, took: 31_000, ended: 'badly' },
    { title: 'Settle', beganAt: 318_500, took: 8_100, ended: 'well' },
  ],
  undone: [
    'production (shop.eu-west-1.elasticbeanstalk.com) went back to e-blue000001, running 1.3.9',
    'Auto Scaling group awseb-green may shrink to 1 instances again',
  ],
  left: [],
  remedies: [
    {
      why: "Read the instances' own logs:",
      command:
        'aws elasticbeanstalk retrieve-environment-info --info-type tail --environment-name shop-green',
    },
  ],
  took: 327_000,
  wayBackTook: 8_100,
}

/** A deployment whose tests failed before anybody saw it. */
export const failed: Outcome = {
  ...promoted,
  is: 'failed',
  says: 'The tests failed against shop-green: exit status 1.',
  live: blue,
  standby: green,
  proof: undefined,
  testsPassed: false,
  users: undefined,
  stages: [
    ...promoted.stages.slice(0, 4),
    { title: 'Verify candidate', beganAt: 208_300, took: 45_000, ended: 'badly' },
  ],
  left: [],
  remedies: [
    {
      why: 'See for yourself; the candidate has no traffic:',
      command: 'curl -i http://shop-green.eba-x.eu-west-1.elasticbeanstalk.com/health',
    },
  ],
  took: 254_000,
  bringUpTook: undefined,
  switchTook: undefined,
}

/** A deployment that could neither go on nor back. */
export const stuck: Outcome = {
  ...rolledBack,
  is: 'stuck',
  says: 'health: shop-green (e-green00001, 1.4.0) is Ready, health Severe. It could not be taken back: there is no way back: shop-blue (e-blue000001, 1.3.9) is Severe itself',
  live: green,
  standby: blue,
  undone: [],
  left: [
    'still open: production (shop.eu-west-1.elasticbeanstalk.com) moves from e-blue000001 to e-green00001',
  ],
  warnings: ['The way back is closed: shop-blue (e-blue000001, 1.3.9) is Severe.'],
  remedies: [
    {
      why: 'Look at both environments; production (shop.eu-west-1.elasticbeanstalk.com) is on e-green00001.',
      command: 'aws elasticbeanstalk describe-environments --environment-ids e-blue000001 e-green00001',
    },
    { why: 'When the other one is fit again, run this action with `operation: rollback`.' },
  ],
  wayBackTook: undefined,
}

/** A deployment that was cancelled in its bake: nothing was asked at the end. */
export const cancelled: Outcome = {
  ...promoted,
  is: 'failed',
  says: 'Cancelled. The post step settles what is open, traffic first.',
  live: undefined,
  standby: undefined,
  proof: undefined,
  users: { requests: 0, failures: 0, downtime: 0, examples: [] },
  stages: [...promoted.stages.slice(0, 6), { title: 'Bake', beganAt: 287_500, took: 12_000, ended: 'badly' }],
  left: [
    'still open, for the post step to settle: production (shop.eu-west-1.elasticbeanstalk.com) moves from e-blue000001 to e-green00001',
  ],
  remedies: [],
  took: 299_500,
}

/** What nobody should have to say. */
export const hostile =
  '::error::x\r\n##[add-mask]y\u001b[31m <script>alert(1)</script> | a | `code` ``` **b** _i_ [l](http://evil.test) @octocat #1 https://evil.test www.evil.test <!-- \u202e --> $$x$$ ~~s~~ &amp; \\ :tada: ![i](x)'

/** The same outcome with hostile text in every text of it. */
export const poisoned = (outcome: Outcome): Outcome => {
  const member = { name: hostile, id: hostile, version: hostile }
  return {
    ...outcome,
    says: hostile,
    live: member,
    standby: { ...member, id: 'other' },
    lastSeen: member,
    elsewhere: hostile,
    liveBefore: { ...member, id: 'other' },
    otherBefore: member,
    previousVersion: hostile,
    productionName: hostile,
    productionUrl: hostile,
    candidateUrl: hostile,
    proof: hostile,
    users: { requests: 2, failures: 1, downtime: 1_000, examples: [hostile] },
    lastWords: {
      environment: hostile,
      causes: [hostile],
      logs: [{ instance: hostile, lines: [hostile, '```', '</details>'] }],
    },
    stages: ['Plan', hostile, '```', ''].map((title, index) => ({
      title,
      beganAt: index * 1_000,
      took: 900,
      ended: 'well' as const,
    })),
    undone: [hostile],
    left: [hostile],
    warnings: [hostile],
    remedies: [{ why: hostile, command: `echo '${hostile}'\n\`\`\`\`\n# heading` }],
  }
}

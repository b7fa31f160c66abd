// A blue/green deployment with the AWS SDK for JavaScript v2, which old actions bundle. See other-clients-check.sh.
const assert = require('node:assert')
const { readFileSync } = require('node:fs')
const AWS = require('aws-sdk')

const [bundles, endpoint] = process.argv.slice(2)
const config = { endpoint, region: 'us-east-1', s3ForcePathStyle: true }
const eb = new AWS.ElasticBeanstalk(config)
const s3 = new AWS.S3(config)
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

const environment = async (name) => {
  const { Environments } = await eb
    .describeEnvironments({ EnvironmentNames: [name], IncludeDeleted: false })
    .promise()
  return Environments[0]
}
const until = async (name, status) => {
  for (let look = 0; look < 200; look++) {
    const { Environments } = await eb.describeEnvironments({ EnvironmentNames: [name] }).promise()
    if (Environments[0]?.Status === status) return
    await sleep(200)
  }
  throw new Error(`${name} is not ${status}`)
}

const main = async () => {
  const { S3Bucket } = await eb.createStorageLocation().promise()
  for (const VersionLabel of ['1', '2']) {
    const S3Key = `js/${VersionLabel}.zip`
    await s3
      .upload({ Bucket: S3Bucket, Key: S3Key, Body: readFileSync(`${bundles}/${VersionLabel}.zip`) })
      .promise()
    const { ApplicationVersion } = await eb
      .createApplicationVersion({
        ApplicationName: 'js',
        VersionLabel,
        AutoCreateApplication: true,
        SourceBundle: { S3Bucket, S3Key },
      })
      .promise()
    assert.ok(ApplicationVersion.DateCreated instanceof Date)
  }
  const { SolutionStacks } = await eb.listAvailableSolutionStacks().promise()
  const SolutionStackName = SolutionStacks.find((one) => one.includes('Node.js 22'))
  const create = (EnvironmentName, more) =>
    eb
      .createEnvironment({
        ApplicationName: 'js',
        EnvironmentName,
        VersionLabel: '1',
        SolutionStackName,
        ...more,
      })
      .promise()
  await create('js-blue', { CNAMEPrefix: 'js-live' })
  await create('js-green', {
    OptionSettings: [{ Namespace: 'aws:autoscaling:asg', OptionName: 'MinSize', Value: '2' }],
  })
  await assert.rejects(eb.updateEnvironment({ EnvironmentName: 'js-green', VersionLabel: '2' }).promise(), {
    code: 'InvalidParameterValue',
    statusCode: 400,
    message: 'Environment named js-green is in an invalid state for this operation. Must be Ready.',
  })
  for (const name of ['js-blue', 'js-green']) await until(name, 'Ready')
  assert.strictEqual((await environment('js-green')).AbortableOperationInProgress, false)

  const answer = await eb.updateEnvironment({ EnvironmentName: 'js-green', VersionLabel: '2' }).promise()
  await sleep(100)
  await until('js-green', 'Ready')
  assert.strictEqual((await environment('js-green')).VersionLabel, '2')
  assert.match(answer.$response.requestId, /^[0-9a-f-]{36}$/)
  const { Events } = await eb.describeEvents({ RequestId: answer.$response.requestId }).promise()
  assert.strictEqual(Events[0].Message, 'Environment update completed successfully.')

  await eb
    .swapEnvironmentCNAMEs({ SourceEnvironmentName: 'js-blue', DestinationEnvironmentName: 'js-green' })
    .promise()
  await sleep(300)
  await until('js-green', 'Ready')
  assert.strictEqual((await environment('js-green')).CNAME, 'js-live.us-east-1.elasticbeanstalk.com')
  await eb.terminateEnvironment({ EnvironmentName: 'js-blue' }).promise()
  await until('js-blue', 'Terminated')
  process.stdout.write(`aws-sdk ${AWS.VERSION}\n`)
}

main().catch((error) => {
  process.stderr.write(`${error.stack}\n`)
  process.exitCode = 1
})

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type StageSet, setStage } from '../../examples/rehearsal/stage.ts'
import { type Ended, runStep } from '../../examples/rehearsal/step.ts'
import { bundleOf } from '../../examples/shop/bundle.ts'

let stage: StageSet
let folder: string

beforeEach(async () => {
  stage = await setStage(120)
  folder = await mkdtemp(join(tmpdir(), 'shipped-bundle-'))
  const { given } = stage.aws.simulator.beanstalk
  given.version('shop', '1.1.0', await bundleOf('1.1.0'))
  await given.environment({
    application: 'shop',
    name: 'shop-green',
    version: '1.0.0',
    instances: 2,
    minSize: 2,
  })
})

afterEach(async () => {
  await stage.close()
  await rm(folder, { recursive: true, force: true })
})

const noSignal = new AbortController().signal

function deploy(
  inputs: Record<string, string> = {},
  onStage: (title: string, kill: Kill) => void = () => {},
): Promise<Ended> {
  return runStep({
    folder,
    signal: noSignal,
    environment: stage.environment(),
    inputs: {
      operation: 'deploy',
      application: 'shop',
      version: '1.1.0',
      'blue-environment': 'shop-blue',
      'green-environment': 'shop-green',
      'production-cname': 'shop',
      'health-path': '/health',
      'bake-time': '10m',
      ...inputs,
    },
    onLine: (line, kill) => {
      const title = /^::group::(.*)$/.exec(line)?.[1]
      if (title !== undefined) onStage(title, kill)
    },
  })
}

type Kill = (signal: NodeJS.Signals) => void

const productionIsOn = () =>
  stage.aws.simulator.beanstalk.state().environments.find(({ cname }) => cname === stage.productionName)?.name

const calls = (name: string) => stage.aws.simulator.calls.filter(({ operation }) => operation === name).length

describe('the shipped bundle, as a process', () => {
  it('says everything that is wrong with the inputs at once, and calls nobody', async () => {
    const ended = await deploy({ version: '', 'bake-time': 'soon', 'green-environment': 'shop-blue' })

    expect(ended.exitCode).toBe(1)
    const text = ended.log.join('\n')
    for (const name of ['version', 'bake-time', 'green-environment']) expect(text).toContain(name)
    expect(text).not.toContain('    at ')
    expect(stage.aws.simulator.calls).toEqual([])
  })

  it('moves production without one failed request, and its post step then has nothing to do', async () => {
    const ended = await deploy({ 'bake-time': '1m' })

    expect(ended.exitCode).toBe(0)
    expect(ended.outputs).toMatchObject({ outcome: 'promoted', 'live-environment': 'shop-green' })
    expect(productionIsOn()).toBe('shop-green')
    expect(stage.users.report().failed).toBe(0)
    expect(stage.aws.simulator.bugs).toEqual([])
  })

  it('stops at SIGINT in its bake, and its post step takes production back', async () => {
    const ended = await deploy({}, (title, kill) => {
      if (title === 'Bake') setTimeout(kill, 300, 'SIGINT')
    })

    expect(ended.exitCode).toBe(1)
    expect(ended.postExitCode).toBe(0)
    expect(ended.outputs.outcome).toBe('failed')
    expect(productionIsOn()).toBe('shop-blue')
    expect(calls('SwapEnvironmentCNAMEs')).toBe(2)
    expect(stage.users.report().failed).toBe(0)
  })

  it('killed in its bake, leaves a journal from which its post step takes production back', async () => {
    const ended = await deploy({}, (title, kill) => {
      if (title === 'Bake') setTimeout(kill, 300, 'SIGKILL')
    })

    expect(ended.exitCode).toBeNull()
    expect(ended.postExitCode).toBe(0)
    expect(productionIsOn()).toBe('shop-blue')
    expect(calls('SwapEnvironmentCNAMEs')).toBe(2)
    expect(stage.users.report().failed).toBe(0)
  })

  it('killed while it shifts traffic, its post step finds out where production is and leaves it whole', async () => {
    const ended = await deploy({}, (title, kill) => {
      if (title === 'Shift traffic') setTimeout(kill, 25, 'SIGKILL')
    })

    expect(ended.exitCode).toBeNull()
    expect(ended.postExitCode).toBe(0)
    expect(productionIsOn()).toBe('shop-blue')
    expect(stage.users.report().failed).toBe(0)
  })
})

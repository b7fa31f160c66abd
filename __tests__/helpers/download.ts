import type { Simulator } from '../../simulator/simulator.ts'
import type { Download } from '../../src/world.ts'

/** A plain GET, as any HTTP client sends it, without a socket. */
export const downloadOf =
  (aws: Pick<Simulator, 'handle'>): Download =>
  async (url) => {
    const { host, pathname, search } = new URL(url)
    const request = { method: 'GET', path: pathname + search, headers: { host }, body: new Uint8Array() }
    const answer = await aws.handle(request)
    if (typeof answer === 'string') throw new Error(answer)
    if (answer.status !== 200) throw new Error(`the answer was status ${answer.status}`)
    return Buffer.from(answer.body).toString()
  }

import { type FaultOrder, faultNames } from './faults.ts'
import type { LocalGithub } from './github.ts'
import { readPermissions } from './permissions.ts'
import type { GithubAnswer, GithubRequest } from './request.ts'
import { isObject } from './shape.ts'

/** What is under `/_`: state, faults, permissions and pull requests, without a token and never logged. */
export const isControl = ({ path }: GithubRequest): boolean =>
  /^\/_(state|faults|permissions|closed)$/.test(path)

export function answerControl(github: LocalGithub, { method, path, body }: GithubRequest): GithubAnswer {
  const { deployments, checks, comments, closed } = github.state
  switch (`${method} ${path}`) {
    case 'GET /_state':
      return {
        status: 200,
        body: { deployments, checks, comments, closed: [...closed], requests: github.requests },
      }
    case 'POST /_faults':
      return orderFault(github, body)
    case 'DELETE /_faults':
      github.clearFaults()
      return done
    case 'POST /_permissions': {
      const permissions = readPermissions(body.trim())
      if (!permissions) return wrong('the body must be like `deployments=none,checks=read`')
      github.permit(permissions)
      return done
    }
    case 'POST /_closed': {
      if (!/^\s*[1-9]\d*\s*$/.test(body)) return wrong('the body must be the number of a pull request')
      closed.add(Number(body))
      return done
    }
    default:
      return { status: 404, body: { message: 'Not Found' } }
  }
}

function orderFault(github: LocalGithub, body: string): GithubAnswer {
  const order = parsed(body)
  if (!isObject(order) || !faultNames.some((name) => name === order.fault))
    return wrong(`the body must be JSON with a \`fault\` of ${faultNames.join(', ')}`)
  github.order(order as unknown as FaultOrder)
  return done
}

const done: GithubAnswer = { status: 200, body: {} }
const wrong = (message: string): GithubAnswer => ({ status: 400, body: { message } })

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

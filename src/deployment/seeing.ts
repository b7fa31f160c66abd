import type { Ports } from './ports.ts'
import type { Run } from './run.ts'
import { type WholeSight, youngFor } from './sight.ts'

/**
 * The same run, whose reads are answered from one look that was taken under the lock, as long as it is young and this
 * run has changed nothing since. It saves a rollback the rounds of calls that would ask the same again.
 */
export function seeing(run: Run, sight: WholeSight): Run {
  const { ports } = run
  const { beanstalk, capacity, clock, routerFor } = ports
  const { members, groups, labels, route, options } = sight
  const life = { isOver: false }
  const isTrue = () => !life.isOver && clock.now() - sight.at < youngFor
  const knows = (wanted: readonly string[], known: readonly string[]) =>
    isTrue() && wanted.every((one) => known.includes(one))
  const ids = members.map(({ id }) => id)
  const names = members.map(({ name }) => name)
  const ending = <A extends readonly unknown[], T>(send: (...given: A) => T) => {
    return (...given: A): T => {
      life.isOver = true
      return send(...given)
    }
  }
  const seen: Ports = {
    ...ports,
    beanstalk: {
      ...beanstalk,
      find: async (wanted) =>
        knows(wanted, names) ? members.filter(({ name }) => wanted.includes(name)) : beanstalk.find(wanted),
      read: async (wanted) =>
        knows(wanted, ids) ? members.filter(({ id }) => wanted.includes(id)) : beanstalk.read(wanted),
      versionsOnInstances: async (id) => (knows([id], ids) ? labels[id] : beanstalk.versionsOnInstances(id)),
      options: async (name) => (isTrue() && options[name]) || beanstalk.options(name),
      create: ending(beanstalk.create),
      deploy: ending(beanstalk.deploy),
      configure: ending(beanstalk.configure),
      terminate: ending(beanstalk.terminate),
    },
    capacity: {
      ...capacity,
      read: async (id) => (knows([id], ids) ? groups[id] : capacity.read(id)),
      resize: ending(capacity.resize),
    },
    routerFor: (pair) => {
      const router = routerFor(pair)
      const isWhole = pair.ids.length === 2
      return {
        ...router,
        read: async () => (isWhole && knows(pair.ids, ids) ? route : router.read()),
        apply: ending(router.apply),
        attach: ending(router.attach),
        detach: ending(router.detach),
      }
    },
  }
  return { ...run, ports: seen }
}

/** What a human should do now, as a command that can be pasted, or in words where no command fits. */
export interface Remedy {
  readonly why: string
  readonly command?: string | undefined
  /** Lines of a workflow, in YAML. */
  readonly workflow?: string | undefined
}

/** An environment that failed, and Beanstalk's causes for its health at that moment, if they were asked for. */
export interface Sick {
  readonly id: string
  readonly name: string
  readonly causes?: readonly string[]
}

/** An operation ends without reaching its goal; says what happened and what to do. */
export class Failure extends Error {
  readonly remedies: readonly Remedy[]
  /** Whose doing it is, where an environment did not do what it should. */
  readonly sick: Sick | undefined
  constructor(what: string, remedies: readonly Remedy[] = [], sick?: Sick) {
    super(what)
    this.name = 'Failure'
    this.remedies = remedies
    this.sick = sick
  }
}

/** The service refused a request: nothing happened. */
export class Refused extends Failure {
  constructor(what: string, remedies: readonly Remedy[] = []) {
    super(what, remedies)
    this.name = 'Refused'
  }
}

/** The service refused it for a state that may pass by itself: nothing happened, and later it may go. */
export class NotYet extends Refused {
  constructor(what: string, remedies: readonly Remedy[] = []) {
    super(what, remedies)
    this.name = 'NotYet'
  }
}

/** There are as many of them as the account may have: nothing happened. */
export class NoRoom extends Refused {
  constructor(what: string, remedies: readonly Remedy[] = []) {
    super(what, remedies)
    this.name = 'NoRoom'
  }
}

/** The service takes a version and options only one after the other: nothing happened. */
export class NotTogether extends Refused {
  constructor(what: string, remedies: readonly Remedy[] = []) {
    super(what, remedies)
    this.name = 'NotTogether'
  }
}

/** A request was sent and nobody knows whether it happened; only reading can tell. */
export class AnswerLost extends Error {
  constructor(what: string) {
    super(what)
    this.name = 'AnswerLost'
  }
}

/** A read failed for good after patient retries: throttled, 5xx, no connection. Waits go on; nothing is concluded. */
export class Unreachable extends Error {
  /** What to do where it is not AWS that could not be asked. */
  readonly remedies: readonly Remedy[] | undefined
  constructor(what: string, remedies?: readonly Remedy[]) {
    super(what)
    this.name = 'Unreachable'
    this.remedies = remedies
  }
}

/** Somebody else changed what we were about to change: nothing was sent, or nothing happened. */
export class Conflict extends Failure {
  constructor(what: string, remedies: readonly Remedy[] = []) {
    super(what, remedies)
    this.name = 'Conflict'
  }
}

/** Another run holds the lock. */
export class HeldBy extends Failure {
  constructor(what: string, remedies: readonly Remedy[] = []) {
    super(what, remedies)
    this.name = 'HeldBy'
  }
}

/** Another run took the lock, or somebody deleted it: nothing more may be sent. */
export class LostLock extends Error {
  /** Nobody: what was written down is gone. */
  readonly to: 'another run' | 'nobody'
  constructor(what: string, to: LostLock['to'] = 'another run') {
    super(what)
    this.name = 'LostLock'
    this.to = to
  }
}

/** The user or the runner cancelled: main stops waiting and undoes nothing. */
export class Cancelled extends Error {
  constructor() {
    super('cancelled')
    this.name = 'Cancelled'
  }
}

/** What any thrown thing says. */
export const messageOf = (thrown: unknown): string =>
  thrown instanceof Error ? thrown.message : String(thrown)

import type { Colour, HealthStatus } from '../region.ts'

/** The colour of a status. [DG:health-enhanced-status] */
export function colourOf(status: HealthStatus): Colour {
  switch (status) {
    case 'Ok':
    case 'Info':
      return 'Green'
    case 'Warning':
      return 'Yellow'
    case 'Degraded':
    case 'Severe':
      return 'Red'
    case 'Pending':
    case 'Unknown':
    case 'NoData':
    case 'Suspended':
      return 'Grey'
  }
}

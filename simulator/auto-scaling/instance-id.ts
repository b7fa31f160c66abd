/** An EC2 instance id: `i-` and 17 hexadecimal digits. */
export function instanceId(random: () => number): string {
  return `i-0${Array.from({ length: 16 }, () => Math.floor(random() * 16).toString(16)).join('')}`
}

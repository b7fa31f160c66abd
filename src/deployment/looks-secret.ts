/** Does it look like a secret, by its name or by an address with a password in it? */
export const looksSecret = ({ name, value }: { readonly name: string; readonly value: string }): boolean =>
  /passw|secret|token|credential|private|api_?key|access_?key|dsn/i.test(name) ||
  /:\/\/[^/\s]*:[^/\s]*@/.test(value)

/** The very bytes of an attempt as a command line; within the bot's patience it passes the signature check. */
export function curlOf(url: string, headers: Record<string, string>, body: string): string {
  const all = { 'content-type': 'application/json; charset=utf-8', ...headers }
  const lines = Object.entries(all).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`)
  return [`curl -X POST ${quoted(url)}`, ...lines, `--data-raw ${quoted(body)}`].join(' \\\n  ')
}

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`

import { readFile } from 'node:fs/promises'
import { extname, join, resolve, sep } from 'node:path'

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
}

/** A file of the built chat page; any path that is no file is the page itself. */
export async function servePage(folder: string | undefined, path: string): Promise<Response> {
  if (!folder) return hint()
  const asked = await fileAt(folder, path)
  if (asked || extname(path)) return asked ?? new Response('Not found', { status: 404 })
  return (await fileAt(folder, '/index.html')) ?? hint()
}

async function fileAt(folder: string, path: string): Promise<Response | undefined> {
  const root = resolve(folder)
  const file = resolve(join(root, decoded(path)))
  const type = types[extname(file)]
  if (!file.startsWith(root + sep) || !type) return undefined
  try {
    return new Response(new Uint8Array(await readFile(file)), {
      headers: { 'content-type': type, 'cache-control': 'no-cache' },
    })
  } catch {
    return undefined
  }
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path).replaceAll('\0', '')
  } catch {
    return '/'
  }
}

const hint = () =>
  new Response(
    '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>模拟飞书</title><body style="font:16px sans-serif;margin:3em"><h1>模拟飞书已启动</h1><p>聊天页面尚未构建，请执行 <code>npm run build:page</code> 后刷新。</p></body></html>',
    { headers: { 'content-type': types['.html'] ?? '' } },
  )

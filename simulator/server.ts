import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { noteAnswers } from './answers.ts'
import { openPlatform } from './api/gateway.ts'
import { resumeBatches } from './batches.ts'
import { resumePending } from './delivery.ts'
import { lineEndpoint } from './line/endpoint.ts'
import { loginPage, pressed } from './login-page.ts'
import demo from './office.json' with { type: 'json' }
import { servePage } from './pages.ts'
import { afterReady } from './script.ts'
import { type SimulatorOptions, settle, withoutSlash } from './settings.ts'
import { simApi } from './sim/routes.ts'
import type { State } from './state.ts'
import { makeWorld, type World } from './world.ts'

export interface Simulator {
  url: string
  /** For tests to look at, not to change. */
  readonly state: Readonly<State>
  setBotUrl(url: string): void
  close(): Promise<void>
}

export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const world = makeWorld(settle(options, demo))
  const server = await listen(world)
  const { port } = server.address() as AddressInfo
  resumePending(world)
  resumeBatches(world)
  void afterReady(world)
  return {
    url: `http://${options.host === '0.0.0.0' ? '127.0.0.1' : options.host}:${port}`,
    get state() {
      return world.state
    },
    setBotUrl(url) {
      world.settings.botUrl = withoutSlash(url)
    },
    close: () => close(world, server),
  }
}

function listen(world: World): Promise<Server> {
  const app = new Hono()
  app.use('/open-apis/*', noteAnswers(world))
  app.get('/open-apis/authen/v1/authorize', c => loginPage(world, new URL(c.req.url).searchParams))
  app.post('/open-apis/authen/v1/authorize', async c =>
    pressed(world, new URL(c.req.url).searchParams, new URLSearchParams(await c.req.text())),
  )
  app.route('/open-apis', openPlatform(world))
  app.route('/callback', lineEndpoint(world))
  app.route('/sim', simApi(world))
  app.get('*', c => servePage(world.settings.pageDir, c.req.path))
  return new Promise((ready, fail) => {
    const server = serve({ fetch: app.fetch, port: world.settings.port, hostname: world.settings.host }, () =>
      ready(server),
    ) as Server
    server.once('error', fail)
    server.on('upgrade', world.lines.handshake)
  })
}

async function close(world: World, server: Server) {
  world.closed = true
  world.stream.close()
  world.lines.drop()
  const ended = new Promise(done => server.close(done))
  server.closeAllConnections()
  await ended
  world.store.close()
}

import { startNode } from './node/start.ts'

await startNode()

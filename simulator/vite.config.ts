import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  root: fileURLToPath(new URL('./page', import.meta.url)),
  base: '/',
  plugins: [react()],
  build: { outDir: '../../dist/page', emptyOutDir: true, sourcemap: false, chunkSizeWarningLimit: 2_000 },
  server: { port: 5173, proxy: { '^/sim/': 'http://localhost:3001' } },
})

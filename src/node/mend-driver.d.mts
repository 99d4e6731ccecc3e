import type { Plugin } from 'esbuild'

export declare const mendDriver: Plugin

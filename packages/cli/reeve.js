#!/usr/bin/env node
// The built command when there is one (`npm run build`), else the sources, which start more slowly.
import { existsSync } from 'node:fs'
import { enableCompileCache } from 'node:module'

enableCompileCache()
const built = new URL('../../dist/reeve.js', import.meta.url)
await import(existsSync(built) ? built.href : './src/main.ts')

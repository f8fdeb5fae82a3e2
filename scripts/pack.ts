import { execFileSync } from 'node:child_process'
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

/**
 * Makes the package that is published, `dist/reeve-<version>.tgz`: the SDK with its types, the command and the
 * server. Everything but zod is inside of it, zod being part of the types. It is not minified, for the sake of those
 * who read stack traces.
 */
const root = fileURLToPath(new URL('..', import.meta.url))
const folder = join(root, 'dist/package')
const types = join(folder, 'types')
const SDK = JSON.parse(await readFile(join(root, 'packages/sdk/package.json'), 'utf8')) as PackageJson
const SCHEMAS = JSON.parse(await readFile(join(root, 'packages/schemas/package.json'), 'utf8')) as PackageJson

interface PackageJson {
  name: string
  version: string
  license: string
  engines: { node: string }
  dependencies: { zod?: string }
  peerDependencies: object
  peerDependenciesMeta: object
}

await rm(folder, { recursive: true, force: true })
await mkdir(folder, { recursive: true })
await Promise.all([bundle(), declare()])
await writeFile(join(folder, 'package.json'), `${JSON.stringify(manifest(), null, 2)}\n`)
await writeFile(join(folder, 'reeve.js'), command())
for (const [from, to] of [
  ['LICENSE', 'LICENSE'],
  ['packages/sdk/README.md', 'README.md'],
] as const)
  await cp(join(root, from), join(folder, to))
const packed = execFileSync('npm', ['pack', '--json', '--pack-destination', '..'], { cwd: folder })
const [{ filename, size, unpackedSize }] = JSON.parse(String(packed)) as [Packed]
console.log(`dist/${filename}: ${megabytes(size)} packed, ${megabytes(unpackedSize)} unpacked`)

interface Packed {
  filename: string
  size: number
  unpackedSize: number
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`
}

function manifest() {
  const { name, version, license, engines, peerDependencies, peerDependenciesMeta } = SDK
  return {
    name,
    version,
    description: 'Durable workflows as plain async functions, with a server that starts by itself.',
    license,
    type: 'module',
    engines,
    bin: { reeve: './reeve.js' },
    exports: {
      '.': { types: './types/sdk/src/index.d.ts', default: './index.js' },
      './testing': { types: './types/sdk/src/testing.d.ts', default: './testing.js' },
    },
    dependencies: { zod: SCHEMAS.dependencies.zod },
    peerDependencies,
    peerDependenciesMeta,
  }
}

function command(): string {
  return `#!/usr/bin/env node\nimport { enableCompileCache } from 'node:module'\n\nenableCompileCache?.()\nawait import('./command.js')\n`
}

async function bundle(): Promise<void> {
  const build = await rolldown({
    cwd: root,
    input: {
      index: 'packages/sdk/src/index.ts',
      testing: 'packages/sdk/src/testing.ts',
      command: 'packages/cli/src/main.ts',
      'chunks/reader-thread': 'packages/server/src/database/reader-thread.ts',
    },
    platform: 'node',
    external: ['pg-native', '@opentelemetry/api', 'zod', /^zod\//],
    logLevel: 'silent',
  })
  await build.write({
    dir: folder,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name]-[hash].js',
  })
  await build.close()
}

/** Writes the declarations that the two entries lead to. */
async function declare(): Promise<void> {
  const config = join(root, 'dist/tsconfig.types.json')
  const entries = ['index', 'testing'].map((name) => join(root, `packages/sdk/src/${name}.ts`))
  const compilerOptions = {
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    rootDir: join(root, 'packages'),
    outDir: types,
  }
  await writeFile(
    config,
    // Packages of the workspace count as foreign, and are not declared, unless they are named.
    JSON.stringify({
      extends: '../tsconfig.json',
      compilerOptions,
      files: entries,
      include: ['../packages/schemas/src'],
      exclude: ['../**/*.test.ts'],
    }),
  )
  execFileSync('tsc', ['-p', config], { stdio: 'inherit' })
  const reached = new Set<string>()
  for (const name of ['index', 'testing']) await follow(join(types, `sdk/src/${name}.d.ts`), reached)
  for (const entry of await readdir(types, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    if (entry.isFile() && !reached.has(path)) await rm(path)
  }
}

/** Rewrites the file's imports to files of the package, and goes on with those. */
async function follow(file: string, reached: Set<string>): Promise<void> {
  if (reached.has(file)) return
  reached.add(file)
  const next: string[] = []
  const text = (await readFile(file, 'utf8')).replace(
    /(from |import\(|import )(['"])(\.{1,2}\/[^'"]*|@reeve\/[^'"]*)\2/g,
    (_, before: string, quote: string, name: string) => {
      const target = name.startsWith('.')
        ? join(dirname(file), name.replace(/\.ts$/, '.d.ts'))
        : join(types, name.replace(/^@reeve\/([^/]*)\/(.*)$/, '$1/src/$2.d.ts'))
      next.push(target)
      const path = relative(dirname(file), target).replace(/\.d\.ts$/, '.js')
      return `${before}${quote}${path.startsWith('.') ? path : `./${path}`}${quote}`
    },
  )
  await writeFile(file, text)
  for (const target of next) await follow(target, reached)
}

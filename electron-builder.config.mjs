// Packages of the desktop app. What needs a person's secrets (signing, notarising) is taken from the environment by electron-builder itself:
// CSC_LINK and CSC_KEY_PASSWORD, WIN_CSC_LINK, APPLE_API_KEY and the like; without them packages are unsigned.
import { electronFuses } from './scripts/fuses.mjs'

/** @type {import('electron-builder').Configuration} */
export default {
  appId: 'org.misp-retrace.app',
  productName: 'Retrace',
  copyright: 'The Retrace authors, MIT License',
  artifactName: 'retrace-${version}-${os}-${arch}.${ext}',
  directories: { output: 'out/packages', buildResources: 'resources' },
  // What is built, what it reads, and (by electron-builder itself) the dependencies of package.json.
  files: [
    'out/main/**',
    'out/preload/**',
    'out/renderer/**',
    'resources/**',
    'package.json',
    'LICENSE',
    '!**/*.map',
    '!resources/ci/**',
    '!resources/container/**'
  ],
  asar: true,
  // Native modules cannot be loaded out of an archive.
  asarUnpack: ['**/*.node'],
  // Every native module that is used comes built for every system.
  npmRebuild: false,
  // A program with other fuses than it was signed with does not start on Apple’s processors: where nobody signs it, it is marked anew.
  electronFuses: { ...electronFuses, resetAdHocDarwinSignature: true },
  fileAssociations: [
    {
      ext: 'json',
      name: 'MISP workflow, event or run',
      mimeType: 'application/json',
      role: 'Viewer',
      rank: 'Alternate'
    },
    { ext: 'ndjson', name: 'MISP debug posts', mimeType: 'application/x-ndjson', role: 'Viewer', rank: 'Alternate' }
  ],
  linux: {
    target: ['deb', 'rpm', 'AppImage', 'zip'],
    icon: 'resources/icon.png',
    category: 'Development',
    synopsis: 'Debug and replay MISP workflows offline',
    maintainer: 'The Retrace authors <retrace@users.noreply.github.com>',
    executableName: 'retrace'
  },
  mac: {
    target: ['dmg', 'zip'],
    icon: 'resources/icon.png',
    category: 'public.app-category.developer-tools',
    hardenedRuntime: true
  },
  win: { target: ['nsis', 'zip'], icon: 'resources/icon.png' },
  nsis: { oneClick: false, perMachine: false, allowToChangeInstallationDirectory: true },
  publish: null
}

// A Chromium to drive VS Code with, from npm: no system packages are needed on Linux.
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cachedFolder } from './cache.mjs';
import { npmInstall } from './npm-install.mjs';
import { root } from './places.mjs';
import { run } from './processes.mjs';

/** Makes the package bring its own NSS libraries and fonts, which a bare machine lacks. */
const ownLibraries = 'nodejs22.x';
/** Fonts by the generic family that they stand for, so that pictures look the same on every machine. */
const fontPackages = { '@expo-google-fonts/inter': '0.4.2', '@expo-google-fonts/jetbrains-mono': '0.4.1' };
const fontFamilies = { 'system-ui': 'Inter', 'sans-serif': 'Inter', monospace: 'JetBrains Mono' };

/**
 * The Chromium to use and how to start it: the one named in CHROMIUM_PATH, else the one from npm.
 * @param {string} temporary A folder for the caches of this start.
 * @param {boolean} [ownFonts] True: text is in the fonts that come from npm. Does nothing for the Chromium of CHROMIUM_PATH.
 * @returns {Promise<{ path: string, name: string, env: Record<string, string>, args: string[] }>}
 */
export async function findChromium(temporary, ownFonts = false) {
  const args = [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--disable-dev-shm-usage',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--font-render-hinting=none',
  ];
  const chosen = process.env.CHROMIUM_PATH;
  if (chosen) return { path: chosen, name: `Chromium at ${chosen}`, env: {}, args };
  const version = JSON.parse(await readFile(join(root, 'node_modules/@sparticuz/chromium/package.json'), 'utf8')).version;
  const folder = await cachedFolder(`chromium-${version}`, unpack);
  const libraries = [join(folder, 'al2023/lib'), process.env.LD_LIBRARY_PATH].filter(Boolean).join(':');
  const fonts = ownFonts ? [await installFonts()] : [join(folder, 'fonts'), '/usr/share/fonts'];
  const families = ownFonts ? fontFamilies : {};
  const env = { LD_LIBRARY_PATH: libraries, FONTCONFIG_FILE: await writeFontConfiguration(temporary, fonts, families) };
  return { path: join(folder, 'chromium'), name: `Chromium of @sparticuz/chromium ${version}`, env, args };
}

/** The package unpacks into the temporary folder of its process, so it gets a process whose temporary folder is ours. */
async function unpack(folder) {
  const program = "const { default: chromium } = await import('@sparticuz/chromium'); await chromium.executablePath();";
  const result = await run(process.execPath, ['--input-type=module', '-e', program], {
    cwd: root,
    env: { ...process.env, TMPDIR: folder, AWS_LAMBDA_JS_RUNTIME: ownLibraries },
    timeoutMs: 120_000,
  });
  if (result.code !== 0) throw new Error(`Chromium could not be unpacked from @sparticuz/chromium:\n${result.output}`);
  await chmod(join(folder, 'chromium'), 0o755);
}

/** @returns {Promise<string>} The folder that holds the fonts, which are downloaded once. */
function installFonts() {
  const packages = Object.entries(fontPackages).map(([name, version]) => `${name}@${version}`);
  const versions = Object.values(fontPackages).join('-');
  return cachedFolder(`fonts-${versions}`, async (draft) => {
    await writeFile(join(draft, 'package.json'), '{ "private": true }\n');
    await npmInstall(draft, 'the fonts', packages);
  });
}

/** @param {string} temporary @param {readonly string[]} fonts Folders. @param {Record<string, string>} families Family by generic family. */
async function writeFontConfiguration(temporary, fonts, families) {
  const path = join(temporary, 'fonts.conf');
  await mkdir(temporary, { recursive: true });
  const folders = fonts.map((folder) => `<dir>${folder}</dir>`);
  const aliases = Object.entries(families).map(
    ([generic, family]) => `<alias binding="same"><family>${generic}</family><prefer><family>${family}</family></prefer></alias>`,
  );
  await writeFile(
    path,
    `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  ${[...folders, ...aliases].join('\n  ')}
  <cachedir>${temporary}/fonts-cache</cachedir>
</fontconfig>
`,
  );
  return path;
}

// Pictures of screens, made small: few colours are enough for them.
import { mkdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import sharp from 'sharp';

/** @typedef {{ name: string, width: number, height: number, bytes: number }} Made */

/**
 * @param {string} path A PNG. One whose name starts with `failed-` shows a window in which a picture could not be made.
 * @param {string} folder Where the smaller one is put, under the same name.
 * @returns {Promise<Made | undefined>} Undefined when it is none to be kept.
 */
export async function savePicture(path, folder) {
  const name = basename(path);
  if (!name.endsWith('.png') || name.startsWith('failed-')) return undefined;
  await mkdir(folder, { recursive: true });
  const { width, height } = await sharp(path)
    .png({ palette: true, colours: 256, quality: 95, dither: 0.5, effort: 10, compressionLevel: 9 })
    .toFile(join(folder, name));
  return { name, width, height, bytes: (await stat(join(folder, name))).size };
}

/**
 * @param {string} path A JSON file that lists the frames beside it.
 * @param {string} folder Where the animated GIF is put.
 * @returns {Promise<Made>}
 */
export async function saveRecording(path, folder) {
  await mkdir(folder, { recursive: true });
  /** @type {{ file: string, ms: number }[]} */
  const frames = JSON.parse(await readFile(path, 'utf8'));
  const name = basename(path).replace(/\.json$/, '.gif');
  const files = frames.map(({ file }) => join(dirname(path), file));
  const { width, pageHeight, height } = await sharp(files, { join: { animated: true } })
    .gif({ delay: frames.map(({ ms }) => ms), loop: 0, colours: 128, dither: 0, effort: 7 })
    .toFile(join(folder, name));
  return { name, width, height: pageHeight ?? height, bytes: (await stat(join(folder, name))).size };
}

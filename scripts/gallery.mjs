// Writes dist/gallery.md, the README of the extension page: the README with one picture, so that the package stays small.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './lib/places.mjs';

const shipped = 'media/screenshots/findings-light.png';

const readme = await readFile(join(root, 'README.md'), 'utf8');
const gallery = readme
  .replace(/^!\[[^\]]*\]\(media\/screenshots\/[^)]*\)\n\n/gm, '')
  .replace(/<picture>[^]*?<\/picture>\n\n/g, (picture) =>
    picture.includes(shipped) ? `${/<img[^>]*>/.exec(picture)?.[0] ?? ''}\n\n` : '',
  );
await writeFile(join(root, 'dist', 'gallery.md'), gallery);

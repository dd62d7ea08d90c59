import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'media', 'screenshots');
const pictureBytes = 300_000;
const recordingBytes = 2_000_000;
const totalBytes = 3_000_000;
const leastBytes = 10_000;
const leastWidth = 1000;

const files = readdirSync(folder).sort();
const pictures = files.filter((name) => name.endsWith('.png'));
const recordings = files.filter((name) => name.endsWith('.gif'));

describe('README.md', () => {
  const shown = picturesIn(readFileSync(join(root, 'README.md'), 'utf8'));

  it('shows pictures that are there', () => {
    expect(shown.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it('shows every picture in its light and its dark version', () => {
    const counterparts = shown.flatMap((path) => counterpartOf(path) ?? []);
    expect(counterparts.filter((path) => !shown.includes(path))).toEqual([]);
  });
});

it('finds pictures however they are written', () => {
  const text = [
    '![Findings](media/screenshots/findings-light.png)',
    '<img alt="Run" src="./media/screenshots/run-dark.png">',
    '<source srcset="https://example.org/raw/main/media/screenshots/plan-dark.png">',
  ].join('\n');
  expect(picturesIn(text)).toEqual(['findings-light.png', 'run-dark.png', 'plan-dark.png'].map((name) => `media/screenshots/${name}`));
});

describe('media/screenshots', () => {
  it('has nothing but pictures and recordings', () => {
    expect(files).toEqual([...pictures, ...recordings].sort());
    expect(pictures.length).toBeGreaterThan(0);
  });

  it('has every picture in a light and a dark version of the same size', () => {
    for (const name of pictures) {
      const counterpart = counterpartOf(name);
      expect(counterpart, `${name} is neither light nor dark`).toBeDefined();
      expect(pictures, `${name} has no counterpart`).toContain(counterpart);
      expect(sizeOf(name), name).toEqual(sizeOf(counterpart ?? ''));
    }
  });

  it('has pictures that are wide enough to be read', () => {
    expect(pictures.filter((name) => sizeOf(name).width < leastWidth)).toEqual([]);
  });

  it('has no empty file', () => {
    expect(files.filter((name) => bytesOf(name) < leastBytes)).toEqual([]);
  });

  it('stays within its size', () => {
    expect(pictures.filter((name) => bytesOf(name) > pictureBytes)).toEqual([]);
    expect(recordings.filter((name) => bytesOf(name) > recordingBytes)).toEqual([]);
    expect(files.reduce((sum, name) => sum + bytesOf(name), 0)).toBeLessThan(totalBytes);
  });
});

/** Paths of pictures in the order in which a text names them, each once. */
function picturesIn(text: string): string[] {
  return [...new Set(Array.from(text.matchAll(/media\/screenshots\/[\w.-]+/g), ([path]) => path))];
}

/** The name of the dark version of a light picture and the other way round; undefined for what is neither. */
function counterpartOf(name: string): string | undefined {
  if (name.endsWith('-light.png')) return name.replace(/-light\.png$/, '-dark.png');
  return name.endsWith('-dark.png') ? name.replace(/-dark\.png$/, '-light.png') : undefined;
}

function bytesOf(name: string): number {
  return statSync(join(folder, name)).size;
}

/** Width and height in the header of a PNG: https://www.w3.org/TR/png-3/#11IHDR */
function sizeOf(name: string): { width: number; height: number } {
  const bytes = readFileSync(join(folder, name));
  expect(bytes.subarray(1, 4).toString('latin1'), name).toBe('PNG');
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}

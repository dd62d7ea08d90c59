import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { given } from '../ui/host';
import type { Workbench } from '../ui/workbench';

const typingMs = 50;
const movingMs = 40;
const movingSteps = 8;
/** The outline of a mouse pointer, in pixels from its tip. */
const pointer = 'M0 0 L0 17 L4 13 L7 20 L10 19 L7 12 L12.5 12 Z';

/**
 * Takes a picture of the window after every action. How long each is shown is said here and not measured, so that the recording
 * does not depend on how busy the machine was.
 */
export class Recorder {
  readonly #frames: { readonly file: string; ms: number }[] = [];
  #last: Buffer = Buffer.alloc(0);
  #at = { x: 0, y: 0 };

  constructor(
    private readonly workbench: Workbench,
    private readonly name: string,
  ) {}

  /** Shows what is to be seen now for some milliseconds. */
  async show(ms: number): Promise<void> {
    const image = await this.workbench.page.screenshot({ animations: 'disabled' });
    const before = this.#frames.at(-1);
    if (before && image.equals(this.#last)) {
      before.ms += ms;
      return;
    }
    const folder = join(given().screenshots, this.name);
    const file = join(this.name, `${String(this.#frames.length).padStart(3, '0')}.png`);
    await mkdir(folder, { recursive: true });
    await writeFile(join(given().screenshots, file), image);
    this.#frames.push({ file, ms });
    this.#last = image;
  }

  async type(text: string): Promise<void> {
    for (const character of text) {
      await this.workbench.page.keyboard.type(character);
      await this.show(typingMs);
    }
  }

  /** Moves a pointer, which the window does not draw itself, to a place. */
  async moveTo({ x, y }: { readonly x: number; readonly y: number }): Promise<void> {
    const from = this.#at;
    for (let step = 1; step <= movingSteps; step++) {
      const part = step / movingSteps;
      const place = { x: from.x + (x - from.x) * part, y: from.y + (y - from.y) * part };
      await this.workbench.page.mouse.move(place.x, place.y);
      await this.#drawPointer(place);
      await this.show(movingMs);
    }
    this.#at = { x, y };
  }

  /** Starts the next movement of the pointer from there. */
  startAt(place: { readonly x: number; readonly y: number }): void {
    this.#at = place;
  }

  /** Writes <name>.json, which says which frame is shown for how long. */
  async save(): Promise<void> {
    await writeFile(join(given().screenshots, `${this.name}.json`), JSON.stringify(this.#frames));
  }

  async #drawPointer(place: { readonly x: number; readonly y: number }): Promise<void> {
    await this.workbench.page.evaluate(
      ({ x, y, outline }) => {
        const namespace = 'http://www.w3.org/2000/svg';
        const id = 'recorded-pointer';
        let drawing = document.getElementById(id);
        if (!drawing) {
          const image = document.createElementNS(namespace, 'svg');
          const shape = document.createElementNS(namespace, 'path');
          shape.setAttribute('d', outline);
          shape.setAttribute('fill', 'white');
          shape.setAttribute('stroke', 'black');
          image.append(shape);
          image.setAttribute('viewBox', '-2 -2 18 26');
          image.id = id;
          image.style.cssText = 'position: fixed; width: 18px; height: 26px; z-index: 100000; pointer-events: none;';
          document.body.append(image);
          drawing = document.getElementById(id);
        }
        if (drawing) {
          drawing.style.left = `${x - 2}px`;
          drawing.style.top = `${y - 2}px`;
        }
      },
      { ...place, outline: pointer },
    );
  }
}

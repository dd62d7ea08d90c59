const pageBytes = 65_536;

/**
 * Keeps WebAssembly memories of this thread below a limit. The embedded server then reports "out of memory" for the
 * statement that asked, and lives on. (`resourceLimits` of a worker bound only JavaScript's own heap.)
 */
export function limitMemory(megabytes: number, onRefusal: () => void): void {
  const limit = megabytes * 1024 * 1024;
  const grow = Object.getOwnPropertyDescriptor(WebAssembly.Memory.prototype, 'grow')?.value as (
    this: WebAssembly.Memory,
    pages: number,
  ) => number;
  WebAssembly.Memory.prototype.grow = function (pages: number): number {
    if (this.buffer.byteLength + pages * pageBytes > limit) {
      onRefusal();
      throw new RangeError('The memory limit of the shadow is reached.');
    }
    return grow.call(this, pages);
  };
}

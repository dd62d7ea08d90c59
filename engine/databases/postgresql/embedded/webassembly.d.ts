/** The part of the WebAssembly global that is used here; Node's own types leave it to the DOM library. */
declare namespace WebAssembly {
  interface Module {
    readonly __brand: 'module';
  }
  class Memory {
    readonly buffer: ArrayBuffer;
    grow(pages: number): number;
  }
  function compile(bytes: Uint8Array): Promise<Module>;
}

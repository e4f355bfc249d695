declare module 'snappyjs' {
  /** @throws when it is no block of Snappy */
  export function uncompress(block: Uint8Array): Uint8Array;
}

declare module 'vm2/lib/transformer.js' {
  /** What vm2 makes of a text before it runs it. @param args - null: it is a whole script */
  export function transformer(
    args: null,
    body: string,
    isAsync: boolean,
    isGenerator: boolean,
    filename: string,
  ): { code: string; hasAsync: boolean };
}

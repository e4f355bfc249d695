const type = Error as unknown as { prepareStackTrace: unknown };
let installed: unknown;

/**
 * vm2 shows every frame of a sandbox error as `CallSite {}`, but its redacted call sites still have positions for files that do not look
 * like the host's. With this format they come out as `at name (scenario.js:12:3)`, which the host maps back to TypeScript.
 */
export function installStackFormat(): void {
  Error.stackTraceLimit = 30;
  type.prepareStackTrace = (error: unknown, sites: NodeJS.CallSite[]): string => {
    let text = 'Error';
    try {
      text = String(error);
    } catch {
      // an error that cannot even be shown stays "Error"
    }
    for (let i = 0; i < sites.length; i++) {
      const site = sites[i] as NodeJS.CallSite;
      const file = site.getFileName();
      if (file !== null && file !== undefined)
        text += `\n    at ${site.getFunctionName() ?? '<anonymous>'} (${file}:${site.getLineNumber()}:${site.getColumnNumber()})`;
    }
    return text;
  };
  installed = type.prepareStackTrace;
}

/** vm2 leaves the format open to assignment, and freezing does not close it: whatever a VU put there ends before another one runs. */
export function restoreStackFormat(): void {
  if (type.prepareStackTrace !== installed) type.prepareStackTrace = installed;
}

import type { UiFlags } from './inputs.ts';
import { given, switchOf, type TypedValues, textOf } from './typed-values.ts';

/** How a run is to be watched; undefined: not at all. @param token - of the variable alone */
export function uiFlagsOf(values: TypedValues, token: string | undefined): UiFlags | undefined {
  if (textOf(values, 'ui') === undefined || switchOf(values, 'headless') === true) return undefined;
  return listenFlagsOf(values, 'run', token);
}

/** Where it listens, and how long. */
export function listenFlagsOf(values: TypedValues, mode: UiFlags['mode'], token: string | undefined): UiFlags {
  const address = textOf(values, 'ui');
  return {
    address: address === undefined || address === '' ? listenTextOf(values) : address,
    mode,
    isAutostart: switchOf(values, 'autostart') ?? false,
    ...given({
      token,
      autoquit: textOf(values, 'autoquit'),
      basePath: textOf(values, 'base-path'),
      isProxyTrusted: switchOf(values, 'trust-proxy'),
    }),
  };
}

/** `--host` and `--port` as one. */
function listenTextOf(values: TypedValues): string {
  const [host, port] = [textOf(values, 'host'), textOf(values, 'port')];
  if (host === undefined) return port ?? '';
  return `${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${port ?? UI_PORT}`;
}

const UI_PORT = 8089;

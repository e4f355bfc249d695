import { isIP } from 'node:net';
import { ConfigError } from '../core/errors.ts';

/** Where the web UI listens. */
export interface ListenAddress {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
}

const HOST_DEFAULT = '127.0.0.1';
const PORT_DEFAULT = 8089;

/** Reads `8089`, `0.0.0.0:8089`, `[::]:8089`, `localhost`; empty: 127.0.0.1:8089. @param where - the flag, for messages. @throws {ConfigError} */
export function listenAddressOf(text: string, where = '--ui'): ListenAddress {
  if (text === '') return { host: HOST_DEFAULT, port: PORT_DEFAULT };
  const parts = /^(?:(\[[^\]]+\]|[^:[\]]*):)?(\d{1,5})$/.exec(text);
  const host = (parts?.[1] ?? '').replace(/^\[|\]$/g, '');
  const port = Number(parts?.[2]);
  const isHost = host === '' || isIP(host) !== 0 || /^[a-z\d](?:[a-z\d.-]*[a-z\d])?$/i.test(host);
  if (parts === null || port > 65_535 || !isHost)
    throw new ConfigError(where, `expected [HOST:]PORT, such as 8089 or 0.0.0.0:8089; got ${JSON.stringify(text)}`);
  return { host: host === '' ? HOST_DEFAULT : host, port };
}

/** Whether only this machine can reach it. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/** As it stands in a URL. */
export function urlHostOf(host: string): string {
  return isIP(host) === 6 ? `[${host}]` : host;
}

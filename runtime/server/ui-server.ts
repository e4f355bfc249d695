import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { ConfigError } from '../core/errors.ts';
import { accessTo, type ProxySetting } from './access.ts';
import { createApp } from './app.ts';
import type { Backend } from './backend.ts';
import { type ListenAddress, urlHostOf } from './listen-address.ts';

/** For the last events to arrive. */
const FAREWELL_MS = 500;

interface UiServerOptions {
  readonly backend: Backend;
  readonly address: ListenAddress;
  /** The flag or the command that the address comes from, for messages. */
  readonly typedAs: '--ui' | 'stressrun ui';
  /** STRESSRUN_UI_TOKEN. */
  readonly token: string | undefined;
  /** Absent: nothing stands before it. */
  readonly proxy?: ProxySetting;
  readonly pagesFolder: string;
  readonly onBug: (error: unknown) => void;
}

/** The web UI while it is served. */
export interface UiServer {
  /** To be opened in a browser, with the token where one is needed: to be shown to whoever started it and to nobody else. */
  readonly fullUrl: string;
  readonly hasToken: boolean;
  /** As `fullUrl`, with the token in any case: whoever opens it may allow load of production. */
  readonly consentUrl: string;
  /** Those who watch are sent away. */
  close(): Promise<void>;
}

/** Listens, or says why it cannot. @throws {ConfigError} for an address that is taken or not this machine's */
export async function startUiServer({ backend, address, typedAs, token, proxy, pagesFolder, onBug }: UiServerOptions): Promise<UiServer> {
  const access = accessTo(address.host, token, proxy);
  const app = createApp({ backend, access, pagesFolder, onBug });
  const server = createAdaptorServer({ fetch: app.fetch, overrideGlobalObjects: false }) as Server;
  await new Promise<void>((settle, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, address, typedAs)));
    server.listen(address.port, address.host, settle);
  });
  server.on('error', onBug);
  const { port } = server.address() as AddressInfo;
  const url = `http://${urlHostOf(shownHostOf(address.host))}:${port}${access.basePath}/`;
  const consentUrl = `${url}?token=${encodeURIComponent(access.consentToken)}`;
  return {
    fullUrl: access.token === undefined ? url : consentUrl,
    consentUrl,
    hasToken: access.token !== undefined,
    close: () =>
      new Promise((settle) => {
        server.close(() => settle());
        server.closeIdleConnections();
        setTimeout(() => server.closeAllConnections(), FAREWELL_MS).unref();
      }),
  };
}

/** All addresses of a machine are no address to open: on the machine itself, and before a container's published port, this name leads there. */
function shownHostOf(host: string): string {
  return host === '0.0.0.0' || host === '::' ? 'localhost' : host;
}

function listenError(error: NodeJS.ErrnoException, { host, port }: ListenAddress, where: UiServerOptions['typedAs']): ConfigError {
  const isFlag = where === '--ui';
  if (error.code === 'EADDRINUSE')
    return new ConfigError(where, `expected a free port; ${port} of ${host} is taken`, {
      hint: `${isFlag ? '--ui=0' : '--port 0'} takes a free one; another stressrun ui may be open`,
      cause: error,
    });
  return new ConfigError(
    where,
    `expected an address of this machine, and a port that may be used; ${urlHostOf(host)}:${port} is refused (${error.code})`,
    { hint: isFlag ? '--ui=127.0.0.1:8089' : '--host 127.0.0.1 --port 8089', cause: error },
  );
}

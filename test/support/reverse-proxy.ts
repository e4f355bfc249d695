import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, request } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { join } from 'node:path';
import { REPOSITORY } from './cli.ts';
import { programOf } from './needs.ts';
import { temporaryFolder } from './project.ts';

export interface ReverseProxy {
  readonly port: number;
  close(): void;
}

/** What a proxy does to a request on its way. */
export interface ProxyWays {
  /** Taken away from the path. */
  readonly stripped?: string;
  /** Whether the upstream's own address stands in `Host`, as nginx has it without `proxy_set_header`. */
  readonly isHostRewritten?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A proxy of a few lines, for what proxies do by default. */
export async function proxyTo(port: number, { stripped = '', isHostRewritten = false, headers = {} }: ProxyWays): Promise<ReverseProxy> {
  const server = createServer((incoming, outgoing) => {
    const path = stripped !== '' && incoming.url?.startsWith(stripped) === true ? incoming.url.slice(stripped.length) || '/' : incoming.url;
    const host = isHostRewritten ? `127.0.0.1:${port}` : incoming.headers.host;
    const onward = request(
      { host: '127.0.0.1', port, path, method: incoming.method, headers: { ...incoming.headers, ...headers, host } },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    onward.on('error', () => outgoing.destroy());
    outgoing.on('close', () => onward.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((settle) => server.listen(0, '127.0.0.1', settle));
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** What a server said, redirects not followed. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Asks with any `Host` and `Origin`, which `fetch` would not send. */
export function askAt(
  port: number,
  path: string,
  { body, ...init }: { method?: string; headers?: Readonly<Record<string, string>>; body?: string },
): Promise<Answer> {
  return new Promise((settle, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, ...init }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part: string) => (text += part));
      answer.on('end', () => settle({ status: answer.statusCode ?? 0, headers: answer.headers, body: text }));
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

const NGINX = programOf('nginx');

/** nginx with the block that deploy/proxy/nginx.conf has, before a UI on `port`. */
export async function nginxBefore(port: number): Promise<ReverseProxy> {
  if (NGINX === undefined) throw new Error('expected nginx; install it');
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'logs'));
  const listening = await freePort();
  const block = readFileSync(join(REPOSITORY, 'deploy/proxy/nginx.conf'), 'utf8').replace('127.0.0.1:8089', `127.0.0.1:${port}`);
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`).join(' ');
  writeFileSync(
    join(folder, 'nginx.conf'),
    `daemon off; master_process off; pid ${folder}/pid; error_log stderr;\nevents {}\nhttp { access_log off; ${paths}\nserver { listen 127.0.0.1:${listening}; ${block}\n} }\n`,
  );
  const child = spawn(NGINX, ['-p', folder, '-c', join(folder, 'nginx.conf')], { stdio: 'ignore' });
  await untilAnswers(listening, child);
  return { port: listening, close: () => void child.kill('SIGKILL') };
}

async function untilAnswers(port: number, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (child.exitCode !== null) throw new Error(`nginx ended with ${child.exitCode}`);
    const isThere = await fetch(`http://127.0.0.1:${port}/`).then(
      () => true,
      () => false,
    );
    if (isThere) return;
    await new Promise((settle) => setTimeout(settle, 50));
  }
  throw new Error('nginx does not answer');
}

async function freePort(): Promise<number> {
  const server = createTcpServer();
  await new Promise<void>((settle) => server.listen(0, '127.0.0.1', settle));
  const { port } = server.address() as AddressInfo;
  await new Promise((settle) => server.close(settle));
  return port;
}

// nginx with a config of its own in a temporary folder: one worker, three kinds of port (plain, TLS, HTTP/2 on TLS), two of each with the same answers; the second logs every request.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { connect, createServer } from 'node:net';
import { userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { FORM_TYPE, SMALL_ANSWER } from './works.js';

const agent = new Agent({ keepAlive: true, maxSockets: 1 });

/** A POST is answered from a file, which nginx refuses with 405 and error_page turns into the answer; `mirror` makes it read the whole body before. */
const LOCATIONS = `
  location = /health { return 200 '${SMALL_ANSWER}'; }
  location = /small { return 200 '${SMALL_ANSWER}'; }
  location = /upload { mirror /read; error_page 405 =200 @small; }
  location = /upload-large { mirror /read; error_page 405 =200 /large.json; }
  location = /read { internal; return 204; }
  location @small { return 200 '${SMALL_ANSWER}'; }
  location = /large.json { }
  location = /status { stub_status; }`;

const FIXTURES = resolve(import.meta.dirname, '../../test/fixtures');
export const CERTIFICATE = join(FIXTURES, 'localhost-cert.pem');
const TLS = `ssl_certificate ${CERTIFICATE}; ssl_certificate_key ${join(FIXTURES, 'localhost-key.pem')}; ssl_session_tickets off;`;
/** What a port speaks: what `listen` says of it, what its server says more, and the scheme of its URL. */
const KINDS = { plain: ['', '', 'http'], tls: [' ssl', TLS, 'https'], h2: [' ssl http2', TLS, 'https'] };

/** @param ports - by kind: that which is measured, and that which logs */
function configOf({ folder, root, ports, logFile }) {
  const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${join(folder, 'nginx', name)};`);
  return `${process.getuid() === 0 ? `user ${userInfo().username};` : ''}
daemon off; worker_processes 1; pid ${join(folder, 'nginx.pid')}; error_log ${join(folder, 'nginx-error.log')} error;
events { worker_connections 4096; }
http {
  ${temp.join(' ')}
  root ${root}; default_type application/json; sendfile on; tcp_nodelay on; open_file_cache max=16; access_log off;
  keepalive_requests 2000000000; keepalive_timeout 600s; client_max_body_size 8m; client_body_buffer_size 256k;
  log_format proof '$request_uri $status $request_length $body_bytes_sent';
${Object.entries(ports)
  .flatMap(([kind, [port, proofPort]]) => {
    const [how, more] = KINDS[kind];
    return [
      `  server { listen 127.0.0.1:${port}${how}; ${more} ${LOCATIONS} }`,
      `  server { listen 127.0.0.1:${proofPort}${how}; ${more} access_log ${logFile} proof; ${LOCATIONS} }`,
    ];
  })
  .join('\n')}
}
`;
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

/** @returns the command, or undefined when it is not installed */
export function nginxCommand() {
  return ['nginx', '/usr/sbin/nginx'].find((command) => spawnSync(command, ['-v']).error === undefined);
}

function textOf(url) {
  return new Promise((done, failed) => {
    get(url, { agent }, (res) => {
      let text = '';
      res.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      res.on('end', () => done(text));
    }).on('error', failed);
  });
}

/** Sends a form whose last byte is held back. @returns whether the answer waited for it */
async function isBodyRead(port, path) {
  const body = Buffer.alloc(60_000, 97);
  const socket = connect(port, '127.0.0.1');
  let isAnswered = false;
  socket.on('data', () => {
    isAnswered = true;
  });
  socket.write(`POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: ${FORM_TYPE}\r\ncontent-length: ${body.length}\r\n\r\n`);
  socket.write(body.subarray(1));
  await pause(300);
  const isEarly = isAnswered;
  socket.write(body.subarray(0, 1));
  for (let i = 0; i < 100 && !isAnswered; i++) await pause(20);
  socket.destroy();
  return !isEarly && isAnswered;
}

export async function startNginx(command, material) {
  const logFile = join(material.folder, 'proof.log');
  const ports = {};
  for (const kind of Object.keys(KINDS)) ports[kind] = [await freePort(), await freePort()];
  const [port] = ports.plain;
  const urlOf = (kind, which) => `${KINDS[kind][2]}://127.0.0.1:${ports[kind][which]}`;
  const config = join(material.folder, 'nginx.conf');
  mkdirSync(join(material.folder, 'nginx'));
  writeFileSync(config, configOf({ ...material, ports, logFile }));
  const child = spawn(command, ['-p', material.folder, '-e', join(material.folder, 'nginx-error.log'), '-c', config], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  let polls = 0;
  /** Requests answered or under way, and connections accepted and open, without those of the bench itself. */
  const counts = async () => {
    const status = await textOf(`http://127.0.0.1:${port}/status`);
    const [open, accepted, , requests] = [...status.matchAll(/\d+/g)].map(Number);
    polls++;
    return { requests: requests - polls, accepted, open: open - 1 };
  };
  const close = () => child.kill('SIGTERM');
  for (let tries = 0; ; tries++) {
    if (child.exitCode !== null || tries > 100)
      throw new Error(`nginx did not start: ${readFileSync(join(material.folder, 'nginx-error.log'), 'utf8')}`);
    const isUp = await counts().then(
      () => true,
      () => false,
    );
    if (isUp) break;
    await pause(50);
  }
  for (const path of ['/upload', '/upload-large']) {
    if (!(await isBodyRead(port, path))) throw new Error(`nginx answered ${path} before it had the whole body, or not at all`);
  }
  return {
    /** @param kind - `plain`, `tls` or `h2` */
    url: (kind = 'plain') => urlOf(kind, 0),
    proofUrl: (kind = 'plain') => urlOf(kind, 1),
    counts,
    clearLog: () => truncateSync(logFile),
    /** What was asked of the second port since the log was cleared. */
    log: () =>
      readFileSync(logFile, 'utf8')
        .split('\n')
        .slice(0, -1)
        .map((line) => line.split(' '))
        .map(([path, ...numbers]) => ({ path, numbers: numbers.map(Number) }))
        .map(({ path, numbers: [status, upBytes, downBytes] }) => ({ path, status, upBytes, downBytes })),
    close,
  };
}

import type { Socket } from 'node:net';
import { FailureError, oneLine } from './error-codes.ts';
import type { ProxyServer, Target } from './target.ts';

const HEAD_BYTES_MAX = 64 * 1024;
const END = '\r\n\r\n';
const PROXY_AUTHENTICATION = 407;

/**
 * Asks the proxy at the other end of a connected socket for a tunnel to the target (CONNECT, RFC 9110 9.3.6).
 * @param done - called at most once, with why there is none; not when the connection ends before, which the socket's owner sees
 */
export function openTunnel(
  socket: Socket,
  { target, via }: { target: Target; via: ProxyServer },
  done: (error?: FailureError) => void,
): void {
  const place = `${target.hostname.includes(':') ? `[${target.hostname}]` : target.hostname}:${target.port}`;
  const refused = (why: string): FailureError =>
    new FailureError({
      kind: 'connect-failed',
      errorCode: 1210,
      error: oneLine(`the proxy ${via.origin} opened no way to ${place}: ${why}`),
    });
  let head = Buffer.alloc(0);
  const onData = (chunk: Buffer): void => {
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf(END);
    if (end < 0 && head.length <= HEAD_BYTES_MAX) return;
    socket.removeListener('data', onData);
    socket.pause();
    const line = head.toString('latin1', 0, Math.max(head.indexOf('\r\n'), 0));
    const status = Number(/^HTTP\/1\.[01] (\d{3})(?: |$)/.exec(line)?.[1]);
    if (end < 0 || Number.isNaN(status)) return done(refused('its answer is no HTTP'));
    if (status < 200 || status > 299)
      return done(refused(`${line.slice('HTTP/1.1 '.length)}${status === PROXY_AUTHENTICATION ? ' (user and password of proxy)' : ''}`));
    const rest = head.subarray(end + END.length);
    if (rest.length > 0) socket.unshift(rest);
    done();
  };
  socket.on('data', onData);
  const authorization = via.authorization === undefined ? '' : `proxy-authorization: ${via.authorization}\r\n`;
  socket.write(`CONNECT ${place} HTTP/1.1\r\nhost: ${place}\r\n${authorization}\r\n`, 'latin1');
}

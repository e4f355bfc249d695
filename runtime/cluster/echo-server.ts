import { createServer, type Server, type Socket } from 'node:net';

const ANSWER = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 15\r\n\r\n{"status":"ok"}';
const END_OF_HEAD = '\r\n\r\n';

/** Answers at once, on this machine's loopback: what asking it takes is the generator's own doing. */
export interface EchoServer {
  readonly url: string;
  close(): void;
}

/** @throws when there is no port */
export async function startEchoServer(): Promise<EchoServer> {
  const server = createServer(answerAtOnce);
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => sockets.add(socket));
  const url = await listening(server);
  return {
    url,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** As little as HTTP can be: one canned answer for each head of a request, and requests have no body. */
function answerAtOnce(socket: Socket): void {
  let rest = '';
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.setEncoding('latin1').on('data', (text: string) => {
    const heads = (rest + text).split(END_OF_HEAD);
    rest = heads.pop() ?? '';
    if (heads.length > 0) socket.write(ANSWER.repeat(heads.length));
  });
}

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('expected a port');
  return `http://127.0.0.1:${address.port}/`;
}

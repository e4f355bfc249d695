// A loopback server that costs as little as possible: canned answers over plain sockets, so that the generator is what is measured.
// GET /count says how many other requests came. Prints its port.
import { createServer } from 'node:net';

const body = '{"status":"ok","predictions":[]}';
const canned = Buffer.from(
  `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: keep-alive\r\n\r\n${body}`,
);
const END = Buffer.from('\r\n\r\n');
let count = 0;

const server = createServer({ noDelay: true }, (socket) => {
  socket.on('error', () => socket.destroy());
  socket.on('data', (data) => {
    if (data.subarray(0, 10).toString('latin1') === 'GET /count') {
      const text = String(count);
      socket.end(`HTTP/1.1 200 OK\r\ncontent-length: ${text.length}\r\nconnection: close\r\n\r\n${text}`);
      return;
    }
    for (let at = data.indexOf(END); at >= 0; at = data.indexOf(END, at + 4)) {
      count++;
      socket.write(canned);
    }
  });
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));

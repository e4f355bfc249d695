// A loopback server that does nothing but note when each request came: stamped as it is read off the socket, answered at once or after DELAY_MS. GET /record
// gives [[µs, path with query], …] in order and begins anew; what asks for /health is left out. Prints its port.
import { createServer } from 'node:net';

const DELAY_MS = Number(process.env.DELAY_MS ?? 0);
const canned = Buffer.from('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 15\r\n\r\n{"status":"ok"}');
const END = Buffer.from('\r\n\r\n');
let record = [];

function hand(socket) {
  if (DELAY_MS > 0) setTimeout(() => socket.write(canned), DELAY_MS);
  else socket.write(canned);
}

function tell(socket) {
  const text = JSON.stringify(record);
  record = [];
  socket.end(`HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${text.length}\r\nconnection: close\r\n\r\n${text}`);
}

// a request is one packet here: heads are small, and nobody sends a body
const server = createServer({ noDelay: true }, (socket) => {
  socket.on('error', () => socket.destroy());
  socket.on('data', (data) => {
    const atUs = Number(process.hrtime.bigint() / 1000n);
    for (let at = 0, end = data.indexOf(END); end >= 0; at = end + 4, end = data.indexOf(END, at)) {
      const path = data.toString('latin1', data.indexOf(' ', at) + 1, data.indexOf(' HTTP', at));
      if (path === '/record') return tell(socket);
      if (path !== '/health') record.push([atUs, path]);
      hand(socket);
    }
  });
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));

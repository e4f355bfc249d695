import type { Socket } from 'node:net';

type WriteCallback = (error?: Error | null) => void;

/**
 * Calls `onEmptied` each time the kernel has accepted the last byte that was written to the socket. Node's own events tell when
 * bytes reach its buffer, which is long before for a large body.
 */
export function watchWrites(socket: Socket, onEmptied: () => void): void {
  const write = socket._write;
  const writev = socket._writev;
  // One slot will do: a stream has at most one write under way. So a write costs no closure.
  let callback: WriteCallback = () => {};
  const accepted: WriteCallback = (error) => {
    callback(error); // the stream takes the bytes off its count here, and may begin the next write
    if (!error && socket.writableLength === 0) onEmptied();
  };
  socket._write = (chunk, encoding, done) => {
    callback = done;
    write.call(socket, chunk, encoding, accepted);
  };
  if (writev === undefined) return;
  socket._writev = (chunks, done) => {
    callback = done;
    writev.call(socket, chunks, accepted);
  };
}

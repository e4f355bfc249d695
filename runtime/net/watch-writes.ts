import type { Socket } from 'node:net';

type WriteCallback = (error?: Error | null) => void;

/** Who is told of what becomes of writes. */
export interface WriteWatcher {
  /** The kernel has accepted the last byte that was written to the socket. */
  onEmptied(): void;
  /** It has accepted a write, and another one was waiting for that. */
  onNextWrite?(): void;
  /** @returns whether the socket is to hear of it, and so to be destroyed at once. Default: it is */
  onWriteError?(error: Error): boolean;
}

/**
 * Tells each time the kernel has accepted the last byte that was written to the socket. Node's own events tell when
 * bytes reach its buffer, which is long before for a large body.
 */
export function watchWrites(socket: Socket, watcher: WriteWatcher): void {
  const write = socket._write;
  const writev = socket._writev;
  // One slot will do: a stream has at most one write under way. So a write costs no closure.
  let callback: WriteCallback = () => {};
  const accepted: WriteCallback = (error) => {
    if (error && watcher.onWriteError?.(error) === false) return;
    callback(error); // the stream takes the bytes off its count here, and may begin the next write
    if (error) return;
    if (socket.writableLength === 0) watcher.onEmptied();
    else watcher.onNextWrite?.();
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

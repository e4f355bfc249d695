// undici's dispatch and nothing else: 32 connections, each asking again when it has its answer.
import { Client } from 'undici';

const [, , url] = process.argv;
const { origin, pathname } = new URL(url);

for (let i = 0; i < 32; i++) {
  const client = new Client(origin, { pipelining: 1 });
  const handler = {
    onConnect() {},
    onHeaders() {
      return true;
    },
    onData() {
      return true;
    },
    onComplete() {
      ask();
    },
    onError(error) {
      console.error(error);
      process.exit(1);
    },
  };
  const ask = () => client.dispatch({ path: pathname, method: 'GET' }, handler);
  ask();
}

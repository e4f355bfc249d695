import { expect, test } from 'vitest';
import type { Backend } from '../../../runtime/server/backend.ts';
import { startUiServer } from '../../../runtime/server/ui-server.ts';
import { temporaryFolder } from '../history/temporary-folder.ts';

const none = (): never => {
  throw new Error('nobody asks in these tests');
};

function served(typedAs: '--ui' | 'stressrun ui', address: { host: string; port: number }) {
  const pagesFolder = temporaryFolder();
  const backend: Backend = {
    version: '1.2.3',
    runDir: pagesFolder,
    projectFolder: pagesFolder,
    options: none,
    plan: none,
    start: none,
    current: undefined,
    isPlanning: false,
  };
  return startUiServer({ backend, address, typedAs, token: undefined, pagesFolder, onBug: none });
}

test('a port that is taken is told under the name that was typed, with its own remedy', async () => {
  const first = await served('stressrun ui', { host: '127.0.0.1', port: 0 });
  const address = { host: '127.0.0.1', port: Number(new URL(first.fullUrl).port) };
  await expect(served('--ui', address)).rejects.toMatchObject({ where: '--ui', hint: expect.stringContaining('--ui=0 takes') });
  await expect(served('stressrun ui', address)).rejects.toMatchObject({
    where: 'stressrun ui',
    hint: expect.stringContaining('--port 0 takes'),
  });
  await first.close();
});

test('an address of another machine is told with what came and a remedy that can be typed there', async () => {
  await expect(served('stressrun ui', { host: '192.0.2.1', port: 8089 })).rejects.toMatchObject({
    message: expect.stringMatching(/^stressrun ui: expected an address of this machine.*192\.0\.2\.1:8089 is refused/),
    hint: '--host 127.0.0.1 --port 8089',
  });
});

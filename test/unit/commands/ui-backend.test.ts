import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { UiBackend } from '../../../runtime/commands/ui-backend.ts';
import type { RunFlags } from '../../../runtime/config/flags.ts';
import type { RunOutput } from '../../../runtime/run/output.ts';
import { HERE } from '../../support/surroundings.ts';
import { temporaryFolder } from '../history/temporary-folder.ts';

const SILENT: RunOutput = {
  starting: () => undefined,
  follow: () => undefined,
  note: () => undefined,
  result: () => undefined,
  isTty: false,
  columns: 80,
  isQuiet: true,
  isColor: false,
};

function backendWith(flags: Partial<RunFlags>): UiBackend {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'config.yaml'), 'test_profiles: { smoke: { users: 2, duration: 5s } }');
  return new UiBackend({
    flags: { config: join(folder, 'config.yaml'), ...flags },
    output: SILENT,
    around: HERE,
    signals: { onStop: () => () => undefined },
    runDir: folder,
    ui: { address: '', isAutostart: false, mode: 'ui' },
  });
}

test.each([
  [{ script: 'nope.ts' }, 'nope.ts: expected a script file; there is none of this name'],
  [{ profile: 'smok' }, 'did you mean "smoke"?'],
  [{ users: 'many' }, '--users: expected'],
] as const)('what the form cannot show is refused before it is served: %j', (flags, message) => {
  expect(() => backendWith(flags)).toThrow(message);
});

test('flags that are in order are what the form begins with', async () => {
  const backend = backendWith({ profile: 'smoke', users: '3' });
  expect((await backend.options()).defaults).toEqual({ profile: 'smoke', users: 3 });
  expect([backend.isPlanning, backend.current]).toEqual([false, undefined]);
});

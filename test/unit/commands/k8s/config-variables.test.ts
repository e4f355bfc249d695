import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { configVariables } from '../../../../runtime/commands/k8s/config-variables.ts';
import { loadConfig } from '../../../../runtime/config/load-config.ts';
import { temporaryFolder } from '../../../support/project.ts';

test('of 4 variables, the 3 that a run against k8s reads: one must be set, two have defaults', () => {
  const folder = temporaryFolder();
  writeFileSync(
    join(folder, 'config.yaml'),
    `environments:
  k8s: { base_url: "http://\${HOST:-inference}:8000", auth: { bearer: "\${TOKEN}" } }
  other: { base_url: "http://\${OTHER}" }
test_profiles: { smoke: { users: "\${USERS:-5}", duration: 30s } }
`,
  );
  const config = loadConfig({ cwd: folder, processEnv: { TOKEN: 't', OTHER: 'o' } });
  expect(configVariables(config, 'k8s')).toEqual([
    { name: 'HOST', isOptional: true },
    { name: 'TOKEN', isOptional: false },
    { name: 'USERS', isOptional: true },
  ]);
});

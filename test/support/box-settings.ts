import type { GuestScenario, GuestSettings } from '../../runtime/core/guest-settings.ts';

/** A scenario of which nothing is known but its name, which is that of its function. */
function boxScenario(name: string): GuestScenario {
  return { name, exec: name, executor: '', users: 0, vuOffset: 0, startMs: 0, durationMs: 0, iterations: 0, env: {} };
}

/** What scripts in a box are told, unless a test says otherwise. */
export const BOX_SETTINGS: GuestSettings = {
  seed: 7,
  usersTotal: 4,
  isStrict: false,
  usesContext: false,
  activity: { magic: [1, 2, 3, 4], rows: 10 },
  usesGlobalObject: true,
  httpClient: 'own',
  bodyEncodings: ['gzip', 'deflate', 'br'],
  judgesAnswers: false,
  taskTags: { only: [], except: [] },
  scenarios: [boxScenario('default'), boxScenario('second')],
  requests: {},
  config: { image_sizes: { standard: { width: 640, height: 480 } } },
  environment: { name: 'demo', base_url: 'http://target', truth: 'shapes', production: false },
  env: { REGION: 'eu' },
  logsPerVu: 1_000,
};

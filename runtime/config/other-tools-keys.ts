/** Settings as Locust and k6 call them → where the same is here. */
const KEYS: Readonly<Record<string, string>> = {
  waittime: "think_time in a profile (thinkTime in a script's options), wait('1s', '3s') or pace('1s') in the script",
  host: 'base_url of an environment in config.yaml, or --base-url',
  baseurl: 'base_url of an environment in config.yaml, or --base-url',
  vus: "users in a profile (vus in a script's options), or --users",
  users: "vus in a script's options (users in a profile), or --users",
  runtime: 'duration, or --duration',
  hatchrate: "spawn_rate in a profile (spawnRate in a script's options)",
  spawnrate: "spawn_rate in a profile (spawnRate in a script's options)",
  locustfile: 'the script, which is the first word of the command line',
  headless: 'nothing: a run has no web UI unless --ui asks for it',
  minwait: "think_time: { min: 1s, max: 3s } in a profile (thinkTime in a script's options), or wait('1s', '3s') in the script",
  maxwait: "think_time: { min: 1s, max: 3s } in a profile (thinkTime in a script's options), or wait('1s', '3s') in the script",
  tasks: 'mix({ name: async () => … }, weights) in the script',
  weight: 'the weights of mix() in the script, or test_mix in config.yaml',
};

/** `: here it is …` for a key that another tool has, however it is written (`wait_time`, `waitTime`, `wait-time`); undefined for any other. */
export function insteadOfKey(key: string): string | undefined {
  const plain = key.replace(/[_-]/g, '').toLowerCase();
  return Object.hasOwn(KEYS, plain) ? `: here it is ${KEYS[plain]}` : undefined;
}

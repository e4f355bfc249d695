/** Flags of k6, Locust, hey, wrk and artillery → what does the same here. */
const FLAGS: Readonly<Record<string, string>> = {
  '--vus': '--users N',
  '--rps': '--rate N/s for starts, or max_rps of the environment',
  '--summary-trend-stats': 'options.summaryTrendStats of the script',
  '--no-thresholds': '--set thresholds=',
  '--no-setup': 'options.noSetup of the script',
  '--insecure-skip-tls-verify': 'tls.verify of the environment: --set environments.NAME.tls.verify=false',
  '--host': '--base-url URL',
  '-H': '--base-url URL',
  '-f': 'the path of the script, without a flag',
  '--locustfile': 'the path of the script, without a flag',
  '-t': '--duration TIME',
  '--run-time': '--duration TIME',
  '--spawn-rate': 'options.spawnRate of the script, or spawn_rate of a profile',
  '--web-port': '--ui=PORT',
  '--web-host': '--ui=HOST:PORT',
  '--only-summary': '--quiet',
  '--processes': '--workers N',
  '--stop-timeout': 'options.scenarios.NAME.gracefulStop of the script',
  '--connections': '--users N',
  '--concurrency': '--users N',
  '-c': '--users N',
  '-n': '--iterations N',
  '--env-file': '--dotenv FILE',
};

/** What to type instead of a flag that other tools have; undefined for any other. */
export function foreignFlag(flag: string): string | undefined {
  return Object.hasOwn(FLAGS, flag) ? FLAGS[flag] : undefined;
}

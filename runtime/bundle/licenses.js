import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A package that a file of a build comes from: `node_modules/name`, the innermost one. */
const PACKAGE = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//;
const LICENSE_FILE = /^(licen[cs]e|copying|notice)([.-].*)?$/i;

/**
 * What the licences of packages ask for whose code is inside of what is built: each with its name, version and licence text.
 * @param metafiles what esbuild tells of the builds
 * @param top folder that the paths in them are relative to
 * @throws when a package has code in a build and neither a licence text nor the name of one
 */
export function licenseTextOf(metafiles, top) {
  // what was looked at and left out, as in a bundle that uses nothing of it, has no bytes in any output
  const inputs = metafiles.flatMap(({ outputs }) =>
    Object.values(outputs).flatMap((output) =>
      Object.entries(output.inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
    ),
  );
  const folders = [...new Set(inputs.flatMap((path) => PACKAGE.exec(path.replaceAll('\\', '/'))?.[1] ?? []))];
  const packages = new Map(folders.map((folder) => describe(join(top, folder))));
  const sections = [...packages]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([title, text]) => `${'='.repeat(80)}\n${title}\n${'='.repeat(80)}\n\n${text}\n`);
  return `stressrun itself is under the MIT licence. The files beside this one hold code of these packages:\n\n${sections.join('\n')}`;
}

function describe(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const files = readdirSync(folder).filter((file) => LICENSE_FILE.test(file) && existsSync(join(folder, file)));
  if (files.length === 0 && typeof license !== 'string') throw new Error(`${name} has code in the build, and no licence`);
  const text = files.map((file) => readFileSync(join(folder, file), 'utf8').trim()).join('\n\n');
  return [
    `${name} ${version} (${typeof license === 'string' ? license : 'see below'})`,
    text === '' ? `Its package has no text of the licence; it names ${license}.` : text,
  ];
}

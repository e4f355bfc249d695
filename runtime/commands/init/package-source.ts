import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

/** Where a new repository gets stressrun from. */
export type PackageSource =
  /** As npm understands it: a version, a range, a path, a URL. */
  | { readonly kind: 'spec'; readonly spec: string }
  /** The file that this stressrun was installed from. */
  | { readonly kind: 'tarball'; readonly path: string; readonly fileName: string }
  /** A clone: packed as it is. */
  | { readonly kind: 'clone'; readonly folder: string; readonly fileName: string };

/** Judged by how npm installed it: its hidden lock file knows. @param folder - of the package */
export function packageSource({ folder, version }: { folder: string; version: string }): PackageSource {
  const modules = dirname(folder);
  const fileName = `stressrun-${version}.tgz`;
  if (basename(modules) !== 'node_modules') return { kind: 'clone', folder, fileName };
  const tarball = tarballOf(modules);
  return tarball === undefined ? { kind: 'spec', spec: version } : { kind: 'tarball', path: tarball, fileName: basename(tarball) };
}

/** The tarball that npm unpacked into this node_modules, when it is still there. */
function tarballOf(modules: string): string | undefined {
  const lockPath = join(modules, '.package-lock.json');
  if (!existsSync(lockPath)) return undefined;
  const lock = JSON.parse(readFileSync(lockPath, 'utf8')) as { packages?: Record<string, { resolved?: string }> };
  const resolved = lock.packages?.['node_modules/stressrun']?.resolved;
  if (resolved?.startsWith('file:') !== true || !/\.(tgz|tar\.gz)$/.test(resolved)) return undefined;
  const path = resolve(dirname(modules), decodeURI(resolved.slice('file:'.length)));
  return existsSync(path) ? path : undefined;
}

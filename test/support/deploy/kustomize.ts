import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Manifest } from './manifest-rules.ts';

/** As much of `kubectl kustomize` as deploy/kubernetes uses: resources, generated ConfigMaps, namespace, images, a suffix and JSON patches. */
export function kustomize(folder: string): Manifest[] {
  const settings = parse(readFileSync(join(folder, 'kustomization.yaml'), 'utf8'));
  let manifests: Manifest[] = (settings.resources ?? []).flatMap((name: string) =>
    name.endsWith('.yaml') ? [parse(readFileSync(join(folder, name), 'utf8'))] : kustomize(join(folder, name)),
  );
  for (const { name, files } of settings.configMapGenerator ?? []) manifests.push(generated(folder, name, files));
  for (const { target, patch } of settings.patches ?? []) {
    const patched = manifests.filter(({ kind, metadata }) => kind === target.kind && metadata.name === target.name);
    if (patched.length === 0) throw new Error(`the patch of ${target.kind} ${target.name} finds nothing`);
    for (const manifest of patched) for (const operation of parse(patch)) apply(manifest, operation);
  }
  if (settings.namespace !== undefined) for (const { metadata } of manifests) metadata.namespace = settings.namespace;
  for (const { name, newName, newTag } of settings.images ?? [])
    manifests = replaced(manifests, (text, key) => (key === 'image' && text === name ? `${newName}:${newTag}` : text));
  const { nameSuffix } = settings;
  if (nameSuffix === undefined) return manifests;
  const names = manifests.map(({ metadata }) => metadata.name);
  return replaced(manifests, (text, key, path) => {
    const isName = key === 'name' && names.includes(text) && (path.at(-2) === 'metadata' || path.at(-2) === 'configMap');
    return isName ? `${text}${nameSuffix}` : text;
  });
}

/** kustomize appends its hash last; here it stays before the suffix, which changes no reference. */
function generated(folder: string, name: string, files: readonly string[]): Manifest {
  const data = Object.fromEntries(files.map((file) => [file, readFileSync(join(folder, file), 'utf8')]));
  const digest = createHash('sha256').update(JSON.stringify(data)).digest('hex').slice(0, 10);
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, annotations: { digest } }, immutable: true, data };
}

function apply(manifest: Manifest, { op, path, value }: { op: string; path: string; value: unknown }): void {
  const keys = path.slice(1).split('/');
  const last = keys.pop() as string;
  const at = keys.reduce((inner, key) => inner[key], manifest);
  if (!(last in at)) throw new Error(`the patch of ${path} finds nothing`);
  if (op === 'test' && at[last] !== value) throw new Error(`expected ${String(value)} at ${path}; got ${String(at[last])}`);
  if (op === 'replace') at[last] = value;
}

type Change = (text: string, key: string, path: readonly string[]) => string;

function replaced(value: Manifest, change: Change, path: readonly string[] = []): Manifest {
  if (typeof value === 'string') return change(value, path.at(-1) ?? '', path);
  if (Array.isArray(value)) return value.map((item, i) => replaced(item, change, [...path, String(i)]));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replaced(item, change, [...path, key])]));
}

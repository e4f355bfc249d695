import { Job } from 'kubernetes-models/batch/v1';
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import { ConfigMap, Secret } from 'kubernetes-models/v1';
import ts from 'typescript';
import type { Manifest } from './manifest-rules.ts';

const MODELS = {
  Job: { model: Job, from: 'kubernetes-models/batch/v1' },
  NetworkPolicy: { model: NetworkPolicy, from: 'kubernetes-models/networking.k8s.io/v1' },
  ConfigMap: { model: ConfigMap, from: 'kubernetes-models/v1' },
  Secret: { model: Secret, from: 'kubernetes-models/v1' },
} as const;

function modelOf(kind: string): (typeof MODELS)[keyof typeof MODELS] | undefined {
  return Object.hasOwn(MODELS, kind) ? MODELS[kind as keyof typeof MODELS] : undefined;
}

/** Against the published schema of each kind: missing fields, wrong types, enums, quantities. @returns what is wrong, one text each */
export function schemaProblems(manifests: readonly Manifest[]): string[] {
  return manifests.flatMap((manifest) => {
    const known = modelOf(manifest.kind);
    if (known === undefined) return [`no schema for ${manifest.kind}`];
    try {
      new known.model(manifest).validate();
      return [];
    } catch (error) {
      return [(error as Error).message];
    }
  });
}

/** Fields that do not exist, which schemas let pass: each manifest as a literal of its type, compiled. @returns the compiler's words */
export function unknownFields(manifests: readonly Manifest[]): string[] {
  const lines = manifests.map((manifest, i) => {
    const { kind } = manifest;
    const known = modelOf(kind);
    return `import type { I${kind} as T${i} } from '${known?.from}';\nexport const m${i}: T${i} = ${JSON.stringify(manifest, undefined, 1)};`;
  });
  const file = `${import.meta.dirname}/manifests-as-types.ts`;
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
    lib: ['lib.es2022.d.ts'],
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (name) => name === file || fileExists.call(host, name);
  host.getSourceFile = (name, ...more) =>
    name === file ? ts.createSourceFile(name, lines.join('\n'), ts.ScriptTarget.ES2022) : getSourceFile.call(host, name, ...more);
  const program = ts.createProgram([file], options, host);
  return ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
}

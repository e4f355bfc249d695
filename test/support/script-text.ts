import { build } from 'esbuild';
import { SCRIPT_LANGUAGE } from '../../runtime/bundle/bundle-script.ts';
import { wrapFactory } from '../../runtime/bundle/factory.ts';
import { pickOf, scriptApi } from '../../runtime/bundle/script-api.ts';

/** A script without a file, bundled as runs bundle theirs: `code` is what a sandbox compiles. */
export async function scriptText(typescript: string): Promise<{ code: string; usesContext: boolean }> {
  const { outputFiles } = await build({
    stdin: { contents: typescript, loader: 'ts', resolveDir: import.meta.dirname },
    bundle: true,
    write: false,
    format: 'iife',
    globalName: '__scenario',
    platform: 'browser',
    ...SCRIPT_LANGUAGE,
    logLevel: 'silent',
    plugins: [scriptApi],
  });
  const text = outputFiles[0]?.text ?? '';
  return { code: wrapFactory(text), usesContext: text.includes(pickOf('group')) };
}

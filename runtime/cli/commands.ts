import type { Commands, ReportRunInput } from '../commands/inputs.ts';
import type { RunSurroundings, StopSignals } from '../run/output.ts';
import type { ParsedArgs } from './parse-args.ts';
import type { Terminal } from './terminal.ts';
import { given } from './typed-values.ts';

/** A command line that asks for work, not for help. */
export type WorkArgs = Exclude<ParsedArgs, { command: 'help' | 'version' }>;

/** Hands a command line to the command it names. @returns the exit code */
export function dispatch(
  args: WorkArgs,
  commands: Commands,
  surroundings: { output: Terminal; signals: StopSignals; around: RunSurroundings },
): Promise<number> {
  const { output, signals, around } = surroundings;
  switch (args.command) {
    case 'run':
    case 'ui': {
      const input = { output, signals, around, ...keptOf(args), ...given({ summaryExportPath: args.summaryExportPath }) };
      if (args.command === 'ui') return commands.runUi({ flags: args.flags, ui: args.ui, ...input });
      return args.ui === undefined
        ? commands.runTest({ flags: args.flags, ...input })
        : commands.runUi({ flags: args.flags, ui: args.ui, ...input });
    }
    case 'check':
      return commands.checkScript({ flags: args.flags, output, signals, around });
    case 'report':
      return commands.reportRun({ run: args.run, output, ...keptOf(args) });
    case 'target':
      return commands.runTarget({ flags: args.flags, output, signals });
    case 'init':
      return commands.initProject({ folder: args.folder, output, ...given({ packageSpec: args.packageSpec }) });
    case 'k8s':
      return commands.printManifests({ flags: args.flags, cluster: args.cluster, output, signals, around });
  }
}

/** Where a run is kept, and what is written beside it. */
function keptOf({ runDir, jsonPath, reports }: KeptArgs): KeptArgs {
  return { runDir, ...given({ jsonPath, reports }) };
}

type KeptArgs = Pick<ReportRunInput, 'runDir' | 'jsonPath' | 'reports'>;

import { FACTORY_PARAMETERS, SCRIPT_FILE } from '../../runtime/bundle/factory.ts';
import { shareOf } from '../../runtime/core/partition.ts';
import type { WorkerSetup } from '../../runtime/messages/messages.ts';
import { BOX_SETTINGS } from './box-settings.ts';
import { scriptText } from './script-text.ts';

/** What the only worker of a run is told first. @param script - TypeScript without imports but `stressrun` @param guestText - of the guest */
export async function workerSetup(script: string, guestText: string): Promise<WorkerSetup> {
  const { code, usesContext } = await scriptText(script);
  return {
    type: 'configure',
    share: shareOf(0, 1),
    epochUs: 0,
    tags: {},
    version: '0',
    wantsSamples: false,
    guestText,
    script: { code, filename: SCRIPT_FILE, parameters: [...FACTORY_PARAMETERS] },
    settings: { ...BOX_SETTINGS, usesContext, scenarios: BOX_SETTINGS.scenarios.slice(0, 1) },
    httpDebug: 'off',
  };
}

/**
 * The guest half: evaluated once in the sandbox, before any script. It takes the two doors to the host, locks the shared world down
 * and from then on runs whatever the host's frames say.
 */
import { enter } from './enter.ts';
import { closeDoors, register } from './host.ts';
import { defineFactory } from './instances.ts';
import { lockDown } from './lockdown.ts';
import { installStackFormat } from './stack.ts';

installStackFormat();
closeDoors();
(globalThis as unknown as Record<string, unknown>)['__stressrunDefine'] = defineFactory;
lockDown();
register(enter);

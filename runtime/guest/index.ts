/**
 * The guest half: evaluated once in the sandbox, before any script. It takes the two doors to the host, locks the shared world down
 * and from then on runs whatever the host's frames say.
 */
import { sharedParts } from './api.ts';
import { addDisposal } from './disposal.ts';
import { enter } from './enter.ts';
import { closeDoors, register } from './host.ts';
import { openForScript } from './instances.ts';
import { lockDown } from './lockdown.ts';
import { installStackFormat } from './stack.ts';

installStackFormat();
addDisposal();
closeDoors();
lockDown(sharedParts());
openForScript();
register(enter);

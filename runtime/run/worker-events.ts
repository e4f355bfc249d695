import { EXIT } from '../core/errors.ts';
import type { Redactor } from '../core/redactor.ts';
import type { BegunRun, Ending } from './begun-run.ts';
import type { Fleet, WorkerEvent } from './fleet.ts';
import type { RunOutput } from './output.ts';
import { drawPicture, inspectAnswer } from './picture-service.ts';
import type { PreparedRun } from './prepare-run.ts';
import { logLine, logOf, lostText, replacedText, unawaitedText } from './script-voice.ts';

/** What a run does with what its workers say without being asked. */
export interface EventSinks {
  readonly fleet: Fleet;
  readonly ending: Ending;
  readonly redactor: Redactor;
  readonly output: RunOutput;
  /** Undefined so far, or for good. */
  prepared(): PreparedRun | undefined;
  begun(): BegunRun | undefined;
  /** For the notes of the run. */
  note(text: string): void;
}

/** Hears workers: numbers go to the recording, words to whoever watches, and what ends a run into its ending. */
export class WorkerEvents {
  readonly #sinks: EventSinks;
  #hasWarnedUnawaited = false;
  readonly #replaced = new Set<string>();

  constructor(sinks: EventSinks) {
    this.#sinks = sinks;
  }

  hear(worker: number, event: WorkerEvent): void {
    const { fleet, ending, prepared, begun, note } = this.#sinks;
    switch (event.type) {
      case 'snapshot':
        return begun()?.live.take(worker, event);
      case 'samples':
        return begun()?.outputs.samples(worker, event);
      case 'log':
        return this.#log(event);
      case 'unawaited':
        if (!this.#hasWarnedUnawaited) note(unawaitedText(event.where, prepared()?.mapper));
        this.#hasWarnedUnawaited = true;
        return;
      case 'replaced':
        if (!this.#replaced.has(event.header)) note(replacedText(event.header));
        this.#replaced.add(event.header);
        return;
      case 'lost':
        ending.error ??= { exitCode: EXIT.scriptThrew, message: lostText(event, prepared()?.mapper) };
        return begun()?.live.halt('now');
      case 'abort':
        ending.aborted ??= event.reason === '' ? 'no reason given' : event.reason;
        return begun()?.live.halt('now');
      case 'fail':
        ending.testFailed ??= event.reason === '' ? 'no reason given' : event.reason;
        return;
      case 'inspect':
        return void inspectAnswer(fleet, worker, event);
      case 'draw':
        return void drawPicture(fleet, worker, { event, loader: prepared()?.loader });
    }
  }

  #log(event: Extract<WorkerEvent, { type: 'log' }>): void {
    const { redactor, prepared, begun, output } = this.#sinks;
    const line = logOf(event, redactor, prepared()?.mapper);
    output.note(logLine(line));
    begun()?.live.emit(line);
  }
}

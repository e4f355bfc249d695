import type { Tags } from '../core/records.ts';
import type { EndedRequest } from './kept-request.ts';
import type { MeasuredVu } from './measured-vu.ts';

/** Which tags the samples of a user have. */
export class SampleTags {
  readonly #scenarios: () => readonly string[];
  readonly #runTags: Tags;
  readonly #scenarioTags: ((scenario: number) => Tags | undefined) | undefined;

  /** @param scenarioTags - of a scenario, those of the run among them; the same object each time. Undefined: those of the run alone */
  constructor(scenarios: () => readonly string[], runTags: Tags, scenarioTags?: (scenario: number) => Tags | undefined) {
    this.#scenarios = scenarios;
    this.#runTags = runTags;
    this.#scenarioTags = scenarioTags;
  }

  scenarioOf(scenario: number): string {
    return this.#scenarios()[scenario] ?? 'default';
  }

  fixed(scenario: number): Tags {
    return this.#scenarioTags?.(scenario) ?? this.#runTags;
  }

  of(vu: MeasuredVu, more: Tags): Tags {
    const tags: Record<string, string> = { ...this.fixed(vu.scenario) };
    for (const [name, value] of Object.entries(more)) if (value !== '' || name === 'check') tags[name] = value;
    tags['scenario'] = this.scenarioOf(vu.scenario);
    if (vu.task !== '') tags['task'] = vu.task;
    if (vu.shapePhase !== '') tags['phase'] = vu.shapePhase;
    return tags;
  }

  /** Those of the request go before those of its VU, and these before those of its scenario and run. */
  ofRequest(vu: MeasuredVu, { built, tags }: Pick<EndedRequest, 'built' | 'tags'>): Tags | undefined {
    const fixed = this.fixed(vu.scenario);
    if (tags !== undefined) return { ...fixed, ...tags, ...built.tags };
    for (const _ in fixed) return built.tags === undefined ? fixed : { ...fixed, ...built.tags };
    return built.tags;
  }
}

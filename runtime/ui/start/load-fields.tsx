import type { Options } from '../../server/api.ts';
import { counted } from '../format.ts';
import type { FormTexts } from './form-texts.ts';

export interface FieldProps {
  readonly options: Options;
  readonly texts: FormTexts;
  onChange(part: Partial<FormTexts>): void;
}

/** What is run, and against what. */
export function TargetFields({ options, texts, onChange }: FieldProps) {
  const environment = options.environments.find(({ name }) => name === texts.environment);
  const bounds = [
    environment?.usersMax === undefined ? [] : `at most ${counted(environment.usersMax, 'user')}`,
    environment?.rpsMax === undefined ? [] : `at most ${environment.rpsMax} requests/s`,
  ].flat();
  return (
    <fieldset>
      <legend>Test</legend>
      <label class="field">
        Script
        <select value={texts.script} onChange={(event) => onChange({ script: event.currentTarget.value })}>
          {options.scripts.map(({ path }) => (
            <option key={path}>{path}</option>
          ))}
        </select>
      </label>
      <label class="field">
        Environment
        <select value={texts.environment} onChange={(event) => onChange({ environment: event.currentTarget.value, allowProduction: '' })}>
          {options.environments.map(({ name, isProduction }) => (
            <option key={name} value={name}>
              {isProduction ? `${name} (production)` : name}
            </option>
          ))}
        </select>
        <span class="hint">
          {environment?.baseUrl} {bounds.length > 0 && `· ${bounds.join(', ')}`}
        </span>
      </label>
    </fieldset>
  );
}

/** How much, and for how long; empty fields are as the profile says. */
export function LoadFields({ options, texts, onChange }: FieldProps) {
  const profile = options.profiles.find(({ name }) => name === texts.profile);
  const usual = (value: number | null | undefined): string => (value == null ? '' : String(value));
  return (
    <fieldset>
      <legend>Load</legend>
      <label class="field">
        Profile
        <select value={texts.profile} onChange={(event) => onChange({ profile: event.currentTarget.value })}>
          <option value="">none: as the script says</option>
          {options.profiles.map(({ name, summary }) => (
            <option key={name} value={name}>
              {name} · {summary}
            </option>
          ))}
        </select>
        <span class="hint">{profile?.description}</span>
      </label>
      <div class="row">
        <label class="field">
          Users
          <input
            type="number"
            min="1"
            value={texts.users}
            placeholder={usual(profile?.users)}
            onInput={(event) => onChange({ users: event.currentTarget.value })}
          />
        </label>
        <label class="field">
          Starts a second
          <input
            type="number"
            min="0"
            step="any"
            value={texts.rate}
            placeholder={usual(profile?.ratePerSecond)}
            onInput={(event) => onChange({ rate: event.currentTarget.value })}
          />
        </label>
        <label class="field">
          Duration
          <input
            value={texts.duration}
            placeholder={profile?.durationS == null ? '5m' : shortDuration(profile.durationS)}
            onInput={(event) => onChange({ duration: event.currentTarget.value })}
          />
        </label>
      </div>
      <p class="hint">Empty: as above. A rate makes it an open model: iterations begin on time, however slow the answers are.</p>
    </fieldset>
  );
}

/** The name of a production environment has to be typed: nobody starts a run there by a slip. */
export function ProductionField({ name, texts, onChange }: FieldProps & { name: string }) {
  return (
    <div class="problem">
      <label class="field">
        <span>
          <b>{name} is production.</b> Type its name to allow this run.
        </span>
        <input
          value={texts.allowProduction}
          autocomplete="off"
          spellcheck={false}
          onInput={(event) => onChange({ allowProduction: event.currentTarget.value })}
        />
      </label>
    </div>
  );
}

function shortDuration(seconds: number): string {
  return seconds % 60 === 0 && seconds > 0 ? `${seconds / 60}m` : `${seconds}s`;
}

import type { Options, PlanView } from '../../views/api.ts';
import { counted } from '../format.ts';
import { Field } from './field.tsx';
import type { FormFault } from './form-faults.ts';
import type { FormTexts } from './form-texts.ts';
import { loadInForce } from './load-in-force.ts';

export interface FieldProps {
  readonly options: Options;
  readonly texts: FormTexts;
  /** What is wrong, and where. */
  readonly fault: FormFault | undefined;
  /** What would run as the form is. */
  readonly plan: PlanView | undefined;
  onChange(part: Partial<FormTexts>): void;
}

/** What is run, and against what. */
export function TargetFields({ options, texts, fault, onChange }: FieldProps) {
  const environment = options.environments.find(({ name }) => name === texts.environment);
  const bounds = [
    environment?.usersMax === undefined ? [] : `at most ${counted(environment.usersMax, 'user')}`,
    environment?.rpsMax === undefined ? [] : `at most ${environment.rpsMax} requests/s`,
  ].flat();
  return (
    <fieldset>
      <legend>Test</legend>
      <Field name="script" label="Script" fault={fault}>
        <select value={texts.script} onChange={(event) => onChange({ script: event.currentTarget.value, scenarios: null })}>
          {options.scripts.map(({ path }) => (
            <option key={path}>{path}</option>
          ))}
        </select>
      </Field>
      <Field
        name="environment"
        label="Environment"
        fault={fault}
        hint={
          <>
            {environment?.baseUrl} {bounds.length > 0 && `· ${bounds.join(', ')}`}
          </>
        }
      >
        <select value={texts.environment} onChange={(event) => onChange({ environment: event.currentTarget.value, allowProduction: '' })}>
          {options.environments.map(({ name, isProduction }) => (
            <option key={name} value={name}>
              {isProduction ? `${name} (production)` : name}
            </option>
          ))}
        </select>
      </Field>
    </fieldset>
  );
}

/** How much, and for how long; what is empty shows what holds then. */
export function LoadFields({ options, texts, fault, plan, onChange }: FieldProps) {
  const profile = options.profiles.find(({ name }) => name === texts.profile);
  const usual = loadInForce(plan, profile);
  return (
    <fieldset>
      <legend>Load</legend>
      <Field name="profile" label="Profile" fault={fault} hint={profile?.description}>
        <select value={texts.profile} onChange={(event) => onChange({ profile: event.currentTarget.value })}>
          <option value="">none: as the script says</option>
          {options.profiles.map(({ name, summary }) => (
            <option key={name} value={name}>
              {name} · {summary}
            </option>
          ))}
        </select>
      </Field>
      <div class="row">
        <Field name="users" label="Users" fault={fault}>
          <input
            type="number"
            min="1"
            value={texts.users}
            placeholder={usual.users}
            onInput={(event) => onChange({ users: event.currentTarget.value })}
          />
        </Field>
        <Field name="rate" label="Starts a second" fault={fault}>
          <input
            type="number"
            min="0"
            step="any"
            value={texts.rate}
            placeholder={usual.rate}
            onInput={(event) => onChange({ rate: event.currentTarget.value })}
          />
        </Field>
        <Field name="duration" label="Duration" fault={fault}>
          <input
            value={texts.duration}
            placeholder={usual.duration}
            onInput={(event) => onChange({ duration: event.currentTarget.value })}
          />
        </Field>
      </div>
      <p class="hint">Empty: as shown in grey. A rate makes it an open model: iterations begin on time, however slow the answers are.</p>
      <Field name="stages" label="Stages" fault={fault} hint="In place of users and duration: how long, and how many users at its end.">
        <input
          value={texts.stages}
          placeholder="none; such as 30s:10, 2m:50"
          spellcheck={false}
          onInput={(event) => onChange({ stages: event.currentTarget.value })}
        />
      </Field>
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

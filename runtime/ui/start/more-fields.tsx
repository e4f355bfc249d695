import { formatRatio } from '../format.ts';
import { FaultLine, Field, wrongControl } from './field.tsx';
import { saysLoad, thresholdsInForce } from './form-texts.ts';
import type { FieldProps } from './load-fields.tsx';

/** Which of the script's scenarios are run. */
export function ScenarioFields({ options, texts, fault, onChange }: FieldProps) {
  const known = options.scripts.find(({ path }) => path === texts.script)?.scenarios ?? [];
  if (known.length === 0) return null;
  const chosen = texts.scenarios ?? known;
  const toggle = (name: string): void => {
    const next = known.filter((other) => (other === name ? !chosen.includes(name) : chosen.includes(other)));
    onChange({ scenarios: next.length === known.length ? null : next });
  };
  const isReplaced = saysLoad(texts);
  return (
    <fieldset>
      <legend>Scenarios</legend>
      {known.map((name) => (
        <label key={name} class="check-field">
          <input
            type="checkbox"
            checked={chosen.includes(name)}
            disabled={isReplaced || (chosen.length === 1 && chosen.includes(name))}
            onChange={() => toggle(name)}
          />{' '}
          {name}
        </label>
      ))}
      {isReplaced && <p class="hint">The load above replaces them; without it they run as the script says.</p>}
      {fault?.field === 'scenarios' && <FaultLine fault={fault} />}
    </fieldset>
  );
}

/** Weights of the script's tasks; only their proportions matter. */
export function MixFields({ options, texts, fault, onChange }: FieldProps) {
  const script = options.scripts.find(({ path }) => path === texts.script);
  const tasks = (script?.tasks ?? []).filter((task) => options.mix[task] !== undefined);
  if (tasks.length === 0) return null;
  const weightOf = (task: string): number => Number(texts.mix[task]?.trim() || options.mix[task]) || 0;
  const total = tasks.reduce((sum, task) => sum + weightOf(task), 0);
  return (
    <fieldset>
      <legend>Mix</legend>
      {tasks.map((task) => (
        <div key={task} class="field-block">
          <label class="line-field">
            <span>{task}</span>
            <span class="muted">{formatRatio(total === 0 ? null : weightOf(task) / total)}</span>
            <input
              type="number"
              min="0"
              step="any"
              value={texts.mix[task] ?? ''}
              placeholder={String(options.mix[task])}
              {...(fault?.field === `mix.${task}` ? wrongControl(`mix.${task}`) : {})}
              onInput={(event) => onChange({ mix: { ...texts.mix, [task]: event.currentTarget.value } })}
            />
          </label>
          {fault?.field === `mix.${task}` && <FaultLine fault={fault} />}
        </div>
      ))}
    </fieldset>
  );
}

/** What the verdict is about. */
export function ThresholdFields({ options, texts, fault, onChange }: FieldProps) {
  const usual = thresholdsInForce(options, texts.profile);
  const keys = [...new Set([...Object.keys(usual), ...Object.keys(texts.thresholds)])];
  if (keys.length === 0) return null;
  return (
    <fieldset>
      <legend>Thresholds</legend>
      {keys.map((key) => (
        <div key={key} class="field-block">
          <label class="line-field plain-line">
            <span>{key}</span>
            <input
              value={texts.thresholds[key] ?? ''}
              placeholder={usual[key] ?? ''}
              {...(fault?.field === `thresholds.${key}` ? wrongControl(`thresholds.${key}`) : {})}
              onInput={(event) => onChange({ thresholds: { ...texts.thresholds, [key]: event.currentTarget.value } })}
            />
          </label>
          {fault?.field === `thresholds.${key}` && <FaultLine fault={fault} />}
        </div>
      ))}
    </fieldset>
  );
}

/** What the script reads as `env`, and what the run is filed under. */
export function NamedValueFields({ options, texts, fault, onChange }: FieldProps) {
  const typed = options.variables.length === 0 ? '' : ` Given on the command line: ${options.variables.join(', ')}.`;
  return (
    <fieldset>
      <legend>Variables and tags</legend>
      <Field name="variables" label="Variables" fault={fault} hint={`KEY=VALUE, one a line; the script reads them as env.KEY.${typed}`}>
        <textarea
          rows={2}
          value={texts.variables}
          spellcheck={false}
          autocomplete="off"
          onInput={(event) => onChange({ variables: event.currentTarget.value })}
        />
      </Field>
      <Field
        name="tags"
        label="Tags"
        fault={fault}
        hint="name=value, one a line; they stand in the result, and the history can be filtered by them."
      >
        <textarea rows={2} value={texts.tags} spellcheck={false} onInput={(event) => onChange({ tags: event.currentTarget.value })} />
      </Field>
    </fieldset>
  );
}

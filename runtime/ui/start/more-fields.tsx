import { formatRatio } from '../format.ts';
import type { FieldProps } from './load-fields.tsx';

/** Weights of the script's tasks; only their proportions matter. */
export function MixFields({ options, texts, onChange }: FieldProps) {
  const script = options.scripts.find(({ path }) => path === texts.script);
  const tasks = (script?.tasks ?? []).filter((task) => options.mix[task] !== undefined);
  if (tasks.length === 0) return null;
  const weightOf = (task: string): number => Number(texts.mix[task]?.trim() || options.mix[task]) || 0;
  const total = tasks.reduce((sum, task) => sum + weightOf(task), 0);
  return (
    <fieldset>
      <legend>Mix</legend>
      {tasks.map((task) => (
        <label key={task} class="line-field">
          <span>{task}</span>
          <span class="muted">{formatRatio(total === 0 ? null : weightOf(task) / total)}</span>
          <input
            type="number"
            min="0"
            step="any"
            value={texts.mix[task] ?? ''}
            placeholder={String(options.mix[task])}
            onInput={(event) => onChange({ mix: { ...texts.mix, [task]: event.currentTarget.value } })}
          />
        </label>
      ))}
    </fieldset>
  );
}

/** What the verdict is about. */
export function ThresholdFields({ options, texts, onChange }: FieldProps) {
  const keys = [...new Set([...Object.keys(options.thresholds), ...Object.keys(texts.thresholds)])];
  if (keys.length === 0) return null;
  return (
    <fieldset>
      <legend>Thresholds</legend>
      {keys.map((key) => (
        <label key={key} class="line-field plain-line">
          <span>{key}</span>
          <input
            value={texts.thresholds[key] ?? ''}
            placeholder={options.thresholds[key] ?? ''}
            onInput={(event) => onChange({ thresholds: { ...texts.thresholds, [key]: event.currentTarget.value } })}
          />
        </label>
      ))}
    </fieldset>
  );
}

import { type ComponentChildren, cloneElement, type VNode } from 'preact';
import type { FormFault } from './form-faults.ts';

interface FieldProps {
  /** Its name in the API. */
  readonly name: string;
  readonly label: string;
  readonly fault: FormFault | undefined;
  readonly hint?: ComponentChildren;
  /** The one control. */
  readonly children: VNode<Record<string, unknown>>;
}

/** A control with its name before it and, behind it, what is wrong with what was typed. */
export function Field({ name, label, fault, hint, children }: FieldProps) {
  const id = `field-${name}`;
  const about = hint === undefined ? {} : { 'aria-describedby': `${id}-hint` };
  const isWrong = fault?.field === name;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {cloneElement(children, { id, ...about, ...(isWrong ? wrongControl(name) : {}) })}
      {hint !== undefined && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {isWrong && <FaultLine fault={fault} />}
    </div>
  );
}

/** What tells a reader of the screen that a control is wrong, and where it says how. */
export function wrongControl(name: string): { 'aria-invalid': 'true'; 'aria-describedby': string } {
  return { 'aria-invalid': 'true', 'aria-describedby': `fault-${name}` };
}

export function FaultLine({ fault }: { fault: FormFault }) {
  return (
    <p class="field-fault bad-text" id={`fault-${fault.field}`} role="alert">
      <span aria-hidden="true">✕ </span>
      {fault.message}
      {fault.hint !== undefined && <span class="hint"> {fault.hint}</span>}
    </p>
  );
}

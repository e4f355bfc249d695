import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

interface AskDialogProps {
  readonly title: string;
  readonly children: ComponentChildren;
  /** What the button that does it says. */
  readonly action: string;
  readonly isDangerous?: boolean;
  readonly isDisabled?: boolean;
  onDo(): void;
  onCancel(): void;
}

/** Asks before something is done; Escape and the other button leave things as they are. */
export function AskDialog({ title, children, action, isDangerous, isDisabled, onDo, onCancel }: AskDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const submit = (event: Event): void => {
    event.preventDefault();
    onDo();
  };
  return (
    <dialog ref={dialog} aria-labelledby="ask-title" onCancel={onCancel}>
      <form onSubmit={submit}>
        <h2 id="ask-title">{title}</h2>
        {children}
        <div class="actions">
          <button type="button" onClick={onCancel}>
            Cancel
          </button>
          <button type="submit" class={isDangerous === true ? 'danger' : 'primary'} disabled={isDisabled === true}>
            {action}
          </button>
        </div>
      </form>
    </dialog>
  );
}

interface Said {
  readonly message: string;
  readonly hint: string | undefined;
}

/** What went wrong and what to do about it. */
export function Problem({ problem, onRetry }: { problem: Said; onRetry?: () => void }) {
  return (
    <div class="problem" role="alert">
      <p>
        <span aria-hidden="true">✕ </span>
        {problem.message}
      </p>
      {problem.hint !== undefined && <p class="hint">{problem.hint}</p>}
      {onRetry !== undefined && (
        <button type="button" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  );
}

export function Loading({ what }: { what: string }) {
  return (
    <p class="empty" aria-busy="true">
      Loading {what} …
    </p>
  );
}

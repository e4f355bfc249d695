import { outcomeBadge, outcomeName, verdictTitle } from '../../core/outcome-tone.ts';
import type { RunJson } from '../../core/run-json.ts';
import { reasonParts, saturationWords, verdictPoints } from '../../core/verdict-points.ts';
import type { RunView } from '../../views/api.ts';
import { formatDay, formatMs, formatNumber, formatRatio, formatSeconds, shortScript, shortThreshold } from '../format.ts';
import { OutcomeBadge } from '../parts/outcome.tsx';
import { BaselineButton } from './baseline-button.tsx';
import { CompareLink } from './compare-link.tsx';
import { RunControls } from './run-controls.tsx';
import type { Connection } from './run-feed.ts';
import { headFigures, isBegun, plannedFigures, stateOf, verdictSoFar } from './run-figures.ts';

const REASONS_SHOWN = 3;

interface RunHeadProps {
  readonly view: RunView;
  readonly connection: Connection;
  readonly detail: string;
  onBaseline(): void;
}

/** What runs, how it stands, and what can be done about it. */
export function RunHead({ view, connection, detail, onBaseline }: RunHeadProps) {
  const { entry, result, state } = view;
  const isOver = state === 'ended' || state === 'unknown';
  const outcome = result?.verdict.outcome ?? entry.outcome;
  return (
    <header class="run-head">
      <div class="run-title">
        <h1>
          {shortScript(entry.script)} <span class="muted">on {entry.environment}</span>
        </h1>
        <OutcomeBadge outcome={isOver ? outcome : null} state={state} />
        {entry.isExploratory || view.edits.length > 0 ? <span class="badge none">exploratory</span> : null}
        {connection === 'reconnecting' && (
          <span class="badge warn" role="status">
            <span aria-hidden="true">↻</span> reconnecting
          </span>
        )}
        <div class="actions">
          {isOver && <CompareLink view={view} />}
          {isOver ? <BaselineButton view={view} onSaved={onBaseline} /> : <RunControls view={view} />}
        </div>
      </div>
      <p class="muted">
        {entry.script} · {entry.profile === null ? 'no profile' : `profile ${entry.profile}`} · {formatDay(entry.startedMs)} · {view.id}
        {detail !== '' && !isOver && ` · ${detail}`}
      </p>
      <VerdictLine view={view} isOver={isOver} />
      <Figures view={view} isOver={isOver} />
    </header>
  );
}

/** Told to screen readers when it changes. */
function VerdictLine({ view, isOver }: { view: RunView; isOver: boolean }) {
  const soFar = verdictSoFar(stateOf(view).thresholds, view.plan?.thresholds.length);
  const { result, entry } = view;
  const outcome = result?.verdict.outcome ?? entry.outcome;
  const tone = isOver ? (outcome === null ? 'warn' : outcomeBadge(outcome).tone) : soFar.tone;
  return (
    <div class={`verdict ${tone}`} role="status" aria-live="polite">
      <p class="outcome">{isOver ? titleOf(view) : `Verdict so far: ${soFar.text}`}.</p>
      {isOver && result === null && outcome === null && <p>`stressrun report {view.id}` reports it from its journal.</p>}
      {isOver && result === null && outcome === 'error' && (
        <p>{view.logs.findLast(({ level }) => level === 'error')?.text ?? 'The log says more.'}</p>
      )}
      {result !== null && saturationWords(result) !== '' && <p>{saturationWords(result)}</p>}
      {isOver && result !== null && <Reasons result={result} />}
    </div>
  );
}

function titleOf({ result, entry: { outcome } }: RunView): string {
  if (result !== null) return verdictTitle(result);
  return `Verdict: ${outcome === null ? 'none: the run was killed before it was reported' : outcomeName(outcome)}`;
}

/** What was decided, then what was left open. The first ones are the gravest: they stand there, the rest behind them. */
function Reasons({ result }: { result: RunJson }) {
  const { decided, open } = verdictPoints(result);
  const list = (reasons: readonly string[]) => (
    <ul>
      {reasons.map((reason) => (
        <Reason key={reason} text={reason} />
      ))}
    </ul>
  );
  const rest = decided.slice(REASONS_SHOWN);
  return (
    <>
      {decided.length > 0 && list(rest.length > 1 ? decided.slice(0, REASONS_SHOWN) : decided)}
      {rest.length > 1 && (
        <details>
          <summary>{rest.length} more reasons</summary>
          {list(rest)}
        </details>
      )}
      {open.map(({ why, texts }) => (
        <details key={why} open={texts.length <= REASONS_SHOWN}>
          <summary>{why === '' ? `Left open: ${texts.length}` : `Left open, because ${why}: ${texts.length}`}</summary>
          {list(texts)}
        </details>
      ))}
    </>
  );
}

function Reason({ text }: { text: string }) {
  const { words, frame } = reasonParts(text);
  return (
    <li>
      {shortThreshold(words)}
      {frame !== '' && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: who has no pointer scrolls it with the arrow keys
        <pre tabIndex={0}>{frame}</pre>
      )}
    </li>
  );
}

function Figures({ view, isOver }: { view: RunView; isOver: boolean }) {
  const all = isOver || isBegun(view) || view.plan === null ? measuredFigures(view, isOver) : plannedFigures(view);
  return (
    <dl class="figures">
      {all.map(([name, text, tone]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd class={tone ?? ''}>{text}</dd>
        </div>
      ))}
    </dl>
  );
}

function measuredFigures(view: RunView, isOver: boolean): [name: string, text: string, tone?: string][] {
  const figures = headFigures(view);
  const all: [string, string, string?][] = [
    [isOver ? 'Most users' : 'Users', formatNumber(figures.users)],
    ['Requests/s', formatNumber(figures.perSecond)],
    ['Failed', formatRatio(figures.failedRatio), (figures.failedRatio ?? 0) > 0 ? 'bad-text' : ''],
    ...(view.result === null ? [] : [percentile(view.result, 'p50')]),
    ['p95', formatMs(figures.p95Ms)],
    ...(view.result === null ? [] : [percentile(view.result, 'p99')]),
    ['Requests', formatNumber(figures.requests)],
    ['Time', formatSeconds(figures.elapsedS)],
  ];
  if (isOver) return all;
  const remaining = figures.remainingS === null ? 'open' : formatSeconds(figures.remainingS);
  return [...all, ['Remaining', remaining], ['In flight', formatNumber(stateOf(view).inFlight)]];
}

function percentile(result: RunJson, name: 'p50' | 'p99'): [name: string, text: string] {
  return [name, formatMs(result.requests.at(-1)?.responseTimeMs?.[name])];
}

import type { ThresholdResult } from '../core/run-json.ts';
import type { Content, TableModel } from './table-model.ts';

/** A part of a section. */
export type Block =
  /** A remark. */
  | { readonly kind: 'words' | 'heading'; readonly text: string }
  | { readonly kind: 'list'; readonly texts: readonly string[] }
  /** With a `summary` it is shown on demand. */
  | { readonly kind: 'table'; readonly table: TableModel; readonly summary?: string }
  /** Names and values side by side. */
  | { readonly kind: 'facts'; readonly facts: readonly (readonly [name: string, value: Content])[] }
  /** Which colour of a bar is which phase. */
  | { readonly kind: 'phases'; readonly phases: readonly (readonly [name: string, words: string])[] }
  | { readonly kind: 'tiles'; readonly label: string; readonly thresholds: readonly ThresholdResult[] };

/** Where the UI shows a section: the tabs of a run. */
export type SectionTab = 'requests' | 'failures' | 'checks' | 'metrics' | 'workers' | 'setting';

/** What is told of a run under one heading, for the report and for the pages of the UI. */
export interface RunSection {
  /** Address in the report. */
  readonly id: string;
  readonly title: string;
  readonly tab: SectionTab;
  readonly blocks: readonly Block[];
}

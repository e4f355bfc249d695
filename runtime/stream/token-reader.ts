import { beginningOf, StreamFault } from './stream-fault.ts';

/** What an event of a language model's stream says. */
export interface TokenStep {
  /** New text; empty: none, only a role, usage or an end. */
  readonly text: string;
}

/** Reads the events of one answer of a language model. */
export interface TokenReader {
  /** It has said that it is through. */
  readonly isDone: boolean;
  /** Output tokens as the server counted them; undefined: it did not say. */
  readonly counted: number | undefined;
  /** What ends such a stream, for people. */
  readonly endedBy: string;
  /** @throws {StreamFault} for what is no JSON, and for an error that it tells of */
  read(data: string): TokenStep;
}

const NOTHING: TokenStep = { text: '' };

interface Delta {
  content?: unknown;
  reasoning_content?: unknown;
  reasoning?: unknown;
  refusal?: unknown;
  tool_calls?: readonly { function?: { arguments?: unknown; name?: unknown } }[];
}

interface ChatChunk {
  error?: unknown;
  choices?: readonly { delta?: Delta; finish_reason?: unknown }[];
  usage?: { completion_tokens?: unknown } | null;
}

/** Chat completions in OpenAI's way: `data: {…}` … `data: [DONE]`. Reasoning and arguments of tools are tokens as well. */
export class ChatTokens implements TokenReader {
  readonly endedBy = '[DONE] or a finish_reason';
  isDone = false;
  counted: number | undefined;

  read(data: string): TokenStep {
    if (data.trim() === '[DONE]') {
      this.isDone = true;
      return NOTHING;
    }
    const chunk = objectOf(data) as ChatChunk;
    if (chunk.error !== undefined && chunk.error !== null) throw toldError(chunk.error);
    this.counted = numberOf(chunk.usage?.completion_tokens) ?? this.counted;
    let text = '';
    for (const choice of Array.isArray(chunk.choices) ? (chunk.choices as NonNullable<ChatChunk['choices']>) : []) {
      if (typeof choice?.finish_reason === 'string') this.isDone = true;
      text += textOfDelta(choice?.delta ?? {});
    }
    return text === '' ? NOTHING : { text };
  }
}

function textOfDelta({ content, reasoning_content, reasoning, refusal, tool_calls }: Delta): string {
  const tools = Array.isArray(tool_calls) ? (tool_calls as NonNullable<Delta['tool_calls']>) : [];
  const texts = [
    reasoning_content ?? reasoning,
    content,
    refusal,
    ...tools.flatMap((call) => [call?.function?.name, call?.function?.arguments]),
  ];
  return texts.filter((text) => typeof text === 'string').join('');
}

interface ResponseEvent {
  type?: unknown;
  delta?: unknown;
  error?: unknown;
  message?: unknown;
  response?: { error?: unknown; usage?: { output_tokens?: unknown } | null };
}

/** Deltas whose text the model has made. */
const TEXT_DELTAS: ReadonlySet<unknown> = new Set([
  'response.output_text.delta',
  'response.reasoning_text.delta',
  'response.reasoning_summary_text.delta',
  'response.refusal.delta',
  'response.function_call_arguments.delta',
]);

/** OpenAI's responses: each event has its name in `type`; it ends with `response.completed` or `.incomplete`. */
export class ResponseTokens implements TokenReader {
  readonly endedBy = 'response.completed or response.incomplete';
  isDone = false;
  counted: number | undefined;

  read(data: string): TokenStep {
    if (data.trim() === '[DONE]') return NOTHING;
    const event = objectOf(data) as ResponseEvent;
    if (event.type === 'error') throw toldError(event.error ?? event.message ?? data);
    if (event.type === 'response.failed') throw toldError(event.response?.error ?? data);
    if (event.type === 'response.completed' || event.type === 'response.incomplete') {
      this.isDone = true;
      this.counted = numberOf(event.response?.usage?.output_tokens);
    }
    return TEXT_DELTAS.has(event.type) && typeof event.delta === 'string' ? { text: event.delta } : NOTHING;
  }
}

function objectOf(data: string): object {
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    value = undefined;
  }
  if (typeof value === 'object' && value !== null) return value;
  throw new StreamFault('bad-response', `expected a JSON object in each event of the stream; got ${beginningOf(data)}`);
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : undefined;
}

function toldError(error: unknown): StreamFault {
  const { message } = (typeof error === 'object' && error !== null ? error : {}) as { message?: unknown };
  const text = typeof message === 'string' ? message : typeof error === 'string' ? error : JSON.stringify(error);
  return new StreamFault('bad-response', `the server told of an error within the stream: ${beginningOf(text)}`);
}

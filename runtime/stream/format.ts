import type { StreamFormat } from '../core/stream-plan.ts';
import { ChunkParser } from './chunk-parser.ts';
import type { EventParser, OnEvent } from './event-parser.ts';
import { JsonLinesParser } from './json-lines-parser.ts';
import { MultipartParser } from './multipart-parser.ts';
import { SseParser } from './sse-parser.ts';
import { beginningOf, StreamFault } from './stream-fault.ts';
import { ChatTokens, ResponseTokens, type TokenReader } from './token-reader.ts';

type Wire = 'sse' | 'json-lines' | 'chunks' | 'multipart';

const BY_TYPE: readonly [type: RegExp, wire: Wire][] = [
  [/^text\/event-stream$/, 'sse'],
  [/^application\/(?:x-)?(?:ndjson|json-?lines|jsonl)$/, 'json-lines'],
  [/^multipart\/./, 'multipart'],
];

/** @throws {StreamFault} where the format is to be that of the content-type, and that is none of a stream; or a multipart without a boundary */
export function parserFor(
  as: StreamFormat,
  contentType: string,
  { onEvent, eventBytesMax }: { onEvent: OnEvent; eventBytesMax: number },
): EventParser {
  switch (wireOf(as, contentType)) {
    case 'sse':
      return new SseParser(onEvent, eventBytesMax);
    case 'json-lines':
      return new JsonLinesParser(onEvent, eventBytesMax);
    case 'chunks':
      return new ChunkParser(onEvent);
    case 'multipart':
      return new MultipartParser(onEvent, eventBytesMax, boundaryOf(contentType));
  }
}

/** Undefined: the format knows no tokens. */
export function tokensOf(as: StreamFormat): TokenReader | undefined {
  if (as === 'openai-chat') return new ChatTokens();
  return as === 'openai-responses' ? new ResponseTokens() : undefined;
}

function wireOf(as: StreamFormat, contentType: string): Wire {
  if (as === 'openai-chat' || as === 'openai-responses') return 'sse';
  if (as !== 'auto') return as;
  const type = (contentType.split(';', 1)[0] as string).trim().toLowerCase();
  const known = BY_TYPE.find(([pattern]) => pattern.test(type));
  if (known !== undefined) return known[1];
  throw new StreamFault(
    'bad-response',
    `expected a stream of text/event-stream, application/x-ndjson or multipart/x-mixed-replace; got the content-type ${beginningOf(type)} (as: of the request says how to read it all the same)`,
  );
}

function boundaryOf(contentType: string): string {
  const match = /;\s*boundary\s*=\s*(?:"([^"]+)"|([^;\s]+))/i.exec(contentType);
  const boundary = match?.[1] ?? match?.[2] ?? '';
  if (boundary.replace(/^-+/, '') !== '') return boundary;
  throw new StreamFault(
    'bad-response',
    `expected a content-type with a boundary, such as multipart/x-mixed-replace; boundary=frame; got ${beginningOf(contentType)}`,
  );
}

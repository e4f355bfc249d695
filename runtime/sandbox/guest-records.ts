import { FrameReader } from '../core/frame.ts';
import { TO_HOST } from '../core/mailbox.ts';

/** What the guest says, one method per kind of record. Every argument is a number or a text; nothing else is trusted. */
export interface GuestRecords {
  request(vu: number, operation: number, context: number, target: string, options: string): void;
  requestKind(id: number, target: string, options: string): void;
  repeat(vu: number, operation: number, context: number, kind: number): void;
  sleep(vu: number, operation: number, delayUs: number): void;
  name(id: number, name: string): void;
  check(vu: number, nameId: number, passed: boolean, context: number, reason: string): void;
  sample(vu: number, nameId: number, context: number, value: number, tags: string): void;
  log(vu: number, level: number, text: string): void;
  task(vu: number, nameId: number): void;
  /** @param kind - one of `END` */
  end(vu: number, token: number, kind: number, text: string): void;
  pace(vu: number, intervalUs: number): void;
  abort(vu: number, reason: string): void;
  fail(vu: number, reason: string): void;
  inspect(vu: number, operation: number, handle: number, path: string): void;
  timer(vu: number, id: number, delayUs: number, isRepeating: boolean): void;
  clearTimer(vu: number, id: number): void;
  defineMetric(nameId: number, json: string): void;
  unawaited(vu: number, where: string): void;
  /** @param vu - −2: not known */
  lost(vu: number, text: string): void;
  group(parent: number, id: number, nameId: number): void;
  /** @param json - tags by name: text of the sandbox, to be checked */
  tagged(context: number, id: number, json: string): void;
  vuTags(vu: number, context: number): void;
  /** @param verdict - 0 failed, 1 expected, 2 as its status says */
  judge(vu: number, handle: number, verdict: number, reason: string): void;
  /** @param wantsEnd - 1: none of its events, its numbers when it is over */
  streamNext(vu: number, operation: number, stream: number, wantsEnd: number): void;
  streamClose(vu: number, stream: number): void;
  /** The sandbox threw out of its entry, or what it said is damaged. */
  failed(): void;
}

/** Reads what came out of the sandbox and calls the matching method. A damaged record ends the reading of this text. */
export class GuestRecordReader {
  readonly #records: GuestRecords;
  readonly #reader = new FrameReader();

  constructor(records: GuestRecords) {
    this.#records = records;
  }

  read(text: string): void {
    const reader = this.#reader;
    reader.reset(text);
    while (reader.hasMore()) {
      const kind = reader.number();
      const vu = reader.number();
      if (!this.#readCommon(kind, vu) && !this.#readRare(kind, vu)) {
        this.#records.failed();
        return;
      }
    }
  }

  #readCommon(kind: number, vu: number): boolean {
    const [reader, records] = [this.#reader, this.#records];
    switch (kind) {
      case TO_HOST.request:
        records.request(vu, reader.number(), reader.number(), reader.text(), reader.text());
        return true;
      case TO_HOST.repeat:
        records.repeat(vu, reader.number(), reader.number(), reader.number());
        return true;
      case TO_HOST.check:
        records.check(vu, reader.number(), reader.number() === 1, reader.number(), reader.text());
        return true;
      case TO_HOST.end:
        records.end(vu, reader.number(), reader.number(), reader.text());
        return true;
      case TO_HOST.sleep:
        records.sleep(vu, reader.number(), reader.number());
        return true;
      case TO_HOST.task:
        records.task(vu, reader.number());
        return true;
      case TO_HOST.sample:
        records.sample(vu, reader.number(), reader.number(), Number(reader.text()), reader.text());
        return true;
      case TO_HOST.streamNext:
        records.streamNext(vu, reader.number(), reader.number(), reader.number());
        return true;
      case TO_HOST.judge:
        records.judge(vu, reader.number(), reader.number(), reader.text());
        return true;
      default:
        return false;
    }
  }

  #readRare(kind: number, vu: number): boolean {
    const [reader, records] = [this.#reader, this.#records];
    if (kind === TO_HOST.requestKind) records.requestKind(reader.number(), reader.text(), reader.text());
    else if (kind === TO_HOST.name) records.name(reader.number(), reader.text());
    else if (kind === TO_HOST.log) records.log(vu, reader.number(), reader.text());
    else if (kind === TO_HOST.pace) records.pace(vu, reader.number());
    else if (kind === TO_HOST.abort) records.abort(vu, reader.text());
    else if (kind === TO_HOST.fail) records.fail(vu, reader.text());
    else if (kind === TO_HOST.inspect) records.inspect(vu, reader.number(), reader.number(), reader.text());
    else if (kind === TO_HOST.timer) records.timer(vu, reader.number(), reader.number(), reader.number() === 1);
    else if (kind === TO_HOST.clearTimer) records.clearTimer(vu, reader.number());
    else if (kind === TO_HOST.defineMetric) records.defineMetric(reader.number(), reader.text());
    else if (kind === TO_HOST.unawaited) records.unawaited(vu, reader.text());
    else if (kind === TO_HOST.lost) records.lost(vu, reader.text());
    else if (kind === TO_HOST.group) records.group(reader.number(), reader.number(), reader.number());
    else if (kind === TO_HOST.tagged) records.tagged(reader.number(), reader.number(), reader.text());
    else if (kind === TO_HOST.streamClose) records.streamClose(vu, reader.number());
    else if (kind === TO_HOST.vuTags) records.vuTags(vu, reader.number());
    else return false;
    return true;
  }
}

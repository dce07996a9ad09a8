/**
 * The bytes of an answer as frames: server-sent events as the API sends them (API-FACTS §4.1) and as others do, without
 * names, without blank lines, with any line end. Nothing grows without bound, whatever comes.
 */
import { parseJson } from '../base/doorValues';

/** One event. `size`: characters of its JSON. */
export interface Frame {
  /** Of the `event:` line; null without one. */
  readonly name: string | null;
  /** undefined when it could not be read: broken, too long or too deep. */
  readonly data: unknown;
  readonly size: number;
}

/** Characters of one line; a longer one is passed over. The API's own have some hundreds of thousands at most. */
const maxLine = 4 * 1024 * 1024;

/** Takes text in pieces, cut anywhere, and gives frames. */
export class FrameReader {
  private parts: string[] = [];
  private length = 0;
  private tooLong = false;
  private name: string | null = null;
  private data: string | null = null;
  private started = false;
  private afterReturn = false;

  /** The frames that `text` completes. */
  *push(text: string): Generator<Frame> {
    let from = 0;
    if (!this.started && text !== '') {
      this.started = true;
      if (text.charCodeAt(0) === 0xfeff) from = 1;
    }
    // A line end of two characters may be cut between them.
    if (this.afterReturn && text !== '') {
      this.afterReturn = false;
      if (text.charCodeAt(from) === 0x0a) from += 1;
    }
    const lineEnd = /\r\n?|\n/g;
    lineEnd.lastIndex = from;
    for (let end = lineEnd.exec(text); end !== null; end = lineEnd.exec(text)) {
      this.keep(text.slice(from, end.index));
      from = lineEnd.lastIndex;
      this.afterReturn = end[0] === '\r' && from === text.length;
      yield* this.line();
    }
    this.keep(text.slice(from));
  }

  /** What the end of the bytes completes. */
  *end(): Generator<Frame> {
    yield* this.line();
    yield* this.dispatch();
  }

  private keep(text: string): void {
    if (this.length + text.length > maxLine) {
      this.tooLong = true;
      this.parts = [];
    }
    this.length += text.length;
    if (!this.tooLong && text !== '') this.parts.push(text);
  }

  private *line(): Generator<Frame> {
    const { tooLong, length } = this;
    const line = this.parts.join('');
    this.parts = [];
    this.length = 0;
    this.tooLong = false;
    if (tooLong) {
      yield* this.dispatch();
      yield { name: null, data: undefined, size: length };
      return;
    }
    if (line === '') {
      yield* this.dispatch();
      return;
    }
    const colon = line.indexOf(':');
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(line.charCodeAt(colon + 1) === 0x20 ? colon + 2 : colon + 1);
    if (field === 'event') {
      // Where no blank line stands between, the next event ends the one before.
      yield* this.dispatch();
      this.name = value;
    } else if (field === 'data') {
      if (this.data !== null && this.data.length + value.length > maxLine) yield* this.dispatch();
      // A whole value is a frame; half of one goes on in the next line.
      else if (this.data !== null && parseJson(this.data) !== undefined) yield* this.dispatch();
      this.data = this.data === null ? value : `${this.data}\n${value}`;
    }
  }

  private *dispatch(): Generator<Frame> {
    const { name, data } = this;
    this.name = null;
    this.data = null;
    if (data === null || data.trim() === '') return;
    // The end as other APIs say it.
    if (data.trim() === '[DONE]') yield { name: 'message_stop', data: { type: 'message_stop' }, size: 0 };
    // An error may be said in plain words.
    else yield { name, data: parsed(data) ?? (name === 'error' ? data : undefined), size: data.length };
  }
}

/** Some cut their lines within a string. */
function parsed(data: string): unknown {
  const value = parseJson(data);
  return value === undefined && data.includes('\n') ? parseJson(data.replaceAll('\n', '')) : value;
}

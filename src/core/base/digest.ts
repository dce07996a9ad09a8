/**
 * Digests of texts, to tell whether two are the same. They are made in the extension host, synchronously, of everything
 * that a conversation holds: so they are fast rather than safe against someone who looks for two texts with one digest.
 */

const seeds = [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344] as const;
const oddA = 0x9e3779b1;
const oddB = 0x85ebca77;
const oddC = 0xc2b2ae3d;
const oddD = 0x27d4eb2f;

/** 128 bits of a text as 32 hexadecimal digits. Linear in its length, about a nanosecond a character. */
export function digestOf(text: string): string {
  let a: number = seeds[0];
  let b: number = seeds[1];
  let c: number = seeds[2];
  let d: number = seeds[3];
  const { length } = text;
  let at = 0;
  // Eight UTF-16 units a round, two for each of four lanes, each of which takes in its neighbour.
  for (; at + 8 <= length; at += 8) {
    a = (step(a, text.charCodeAt(at) | (text.charCodeAt(at + 1) << 16), oddA) + b) | 0;
    b = (step(b, text.charCodeAt(at + 2) | (text.charCodeAt(at + 3) << 16), oddB) + c) | 0;
    c = (step(c, text.charCodeAt(at + 4) | (text.charCodeAt(at + 5) << 16), oddC) + d) | 0;
    d = (step(d, text.charCodeAt(at + 6) | (text.charCodeAt(at + 7) << 16), oddD) + a) | 0;
  }
  for (; at < length; at += 1) {
    const unit = text.charCodeAt(at);
    a = (step(a, unit, oddA) + b) | 0;
    b = (step(b, unit, oddB) + c) | 0;
    c = (step(c, unit, oddC) + d) | 0;
    d = (step(d, unit, oddD) + a) | 0;
  }
  // Every bit of every lane, and the length, reaches every bit of the result.
  for (let round = 0; round < 4; round += 1) {
    a = (settled(a ^ length) + b) | 0;
    b = (settled(b ^ round) + c) | 0;
    c = (settled(c) + d) | 0;
    d = (settled(d) + a) | 0;
  }
  return hex(a) + hex(b) + hex(c) + hex(d);
}

function step(lane: number, word: number, odd: number): number {
  const mixed = Math.imul(lane ^ Math.imul(word, odd), oddB);
  return (mixed << 13) | (mixed >>> 19);
}

function settled(lane: number): number {
  let mixed = Math.imul(lane ^ (lane >>> 16), oddB);
  mixed = Math.imul(mixed ^ (mixed >>> 13), oddC);
  return mixed ^ (mixed >>> 16);
}

/** Each byte as two hexadecimal digits. */
const digits = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

function hex(lane: number): string {
  const byte = (shift: number): string => digits[(lane >>> shift) & 255] as string;
  return byte(24) + byte(16) + byte(8) + byte(0);
}

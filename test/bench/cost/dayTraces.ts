/** Days that the cost bench draws anew ten times: short chats, debugging, one question a day, and a chat after lunch. */
import { ask, Dice, edit, explain, files, looks, pause, says } from './dice';
import type { Trace, TraceEvent } from './trace';

const screens = [
  { width: 1280, height: 800 },
  { width: 800, height: 600 },
] as const;

/** (h) 14 chats of one to four turns over a day, 1 to 40 minutes apart, on the same code. */
export function shortChats(seed: number): Trace {
  const dice = new Dice(seed);
  const workspace = files(8, 2000, 5200, dice);
  const paths = Object.keys(workspace);
  const events: TraceEvent[] = [];
  for (let chat = 0; chat < 14; chat += 1) {
    if (chat > 0) events.push(pause(60 * dice.from(1, 40)), { do: 'newConversation' });
    if (dice.often(40)) events.push({ do: 'open', file: dice.of(paths) });
    if (dice.often(40)) events.push(edit(dice.of(paths.slice(0, 4)), dice));
    const explains = dice.often(25);
    if (!explains) events.push({ do: 'deselect' });
    const turns = dice.from(1, 4);
    for (let turn = 0; turn < turns; turn += 1) {
      if (turn > 0) events.push(pause(dice.spread(20, 240)));
      if (turn > 0 && dice.often(25)) events.push(edit(dice.of(paths.slice(0, 4)), dice));
      if (turn === 0 && explains) {
        events.push(explain(dice.of(paths), dice));
        continue;
      }
      const answer = dice.often(25) ? [looks(dice, dice.from(1, 2)), says(dice)] : [says(dice)];
      const images = dice.often(15) ? [dice.of(screens)] : [];
      events.push({ ...ask(dice, answer), ...(images.length === 0 ? {} : { images }) });
    }
  }
  return {
    name: 'h',
    about: '14 chats of one to four turns over a day, 1 to 40 minutes apart, on the same code',
    files: workspace,
    open: paths.slice(0, 5),
    events,
  };
}

/** (i) A debugging afternoon: 34 turns over 24 files that are opened and closed all the time. */
export function debugging(seed: number): Trace {
  const dice = new Dice(seed);
  const workspace = files(24, 1500, 6000, dice);
  const paths = Object.keys(workspace);
  let open = paths.slice(0, 4);
  const events: TraceEvent[] = [];
  for (let turn = 0; turn < 34; turn += 1) {
    if (turn > 0) events.push(pause(dice.spread(20, 1200)));
    for (let moved = dice.from(0, 3); moved > 0; moved -= 1) {
      const file = dice.of(paths);
      open = [...open.filter((one) => one !== file), file];
      events.push({ do: 'open', file });
    }
    for (let closed = dice.from(0, 3); closed > 0 && open.length > 2; closed -= 1) {
      // The one that is looked at is closed last.
      const file = dice.of(open.slice(0, -1));
      open = open.filter((one) => one !== file);
      events.push({ do: 'close', file });
    }
    if (dice.often(60)) events.push(edit(dice.of(open), dice, 8));
    const steps = Array.from({ length: dice.from(0, 5) }, () => looks(dice, dice.from(1, 2)));
    events.push(ask(dice, [...steps, says(dice)]));
  }
  return {
    name: 'i',
    about: 'a debugging afternoon: 34 turns over 24 files that are opened and closed all the time',
    files: workspace,
    open: paths.slice(0, 4),
    events,
  };
}

/** (j) One question a day, each in a chat of its own. */
export function dailyQuestion(seed: number): Trace {
  const dice = new Dice(seed);
  const workspace = files(5, 2000, 5000, dice);
  const paths = Object.keys(workspace);
  const events: TraceEvent[] = [];
  for (let day = 0; day < 20; day += 1) {
    if (day > 0) events.push(pause(3600 * dice.from(20, 28)), { do: 'newConversation' });
    if (dice.often(50)) events.push(edit(dice.of(paths), dice));
    events.push(ask(dice, [says(dice)]));
  }
  return { name: 'j', about: 'one question a day, for twenty days', files: workspace, open: paths.slice(0, 4), events };
}

/** (k) A morning's long chat, of about 150,000 tokens, that is taken up after lunch. */
export function afterLunch(seed: number): Trace {
  const dice = new Dice(seed);
  const workspace = files(6, 2500, 4500, dice);
  const paths = Object.keys(workspace);
  const events: TraceEvent[] = [];
  for (let turn = 0; turn < 26; turn += 1) {
    if (turn > 0) events.push(pause(turn === 20 ? 60 * dice.from(62, 110) : dice.spread(25, 240)));
    if (dice.often(40)) events.push(edit(dice.of(paths), dice, 6));
    // Most of it is read in the morning.
    const calls = Array.from({ length: dice.from(2, 3) }, () => ({ read: { code: dice.from(5000, 9000) } }));
    const step = { seconds: dice.from(4, 20), text: { prose: dice.from(40, 220) }, calls };
    events.push(ask(dice, turn < 20 ? [step, says(dice)] : [says(dice)]));
  }
  return {
    name: 'k',
    about: 'a long chat of a morning, taken up after lunch for six turns',
    files: workspace,
    open: paths.slice(0, 4),
    events,
  };
}

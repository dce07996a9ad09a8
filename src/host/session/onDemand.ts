/** What a snapshot leaves out, and a view asks for when it is looked at. */
import type { Entry } from '../../core/record/record';
import { toolOutput } from '../../core/transcript/transcript';
import type { Handlers } from '../../shared/intents';
import { refusals } from '../base/plainStrings';
import { refused } from '../base/refused';

/** `paths`: what is shown, the current path first. */
export function onDemand(paths: () => readonly (readonly Entry[])[]) {
  return {
    toolOutput: ({ key }) => {
      for (const path of paths()) {
        const output = toolOutput(path, key);
        if (output !== null) return Promise.resolve(output);
      }
      throw refused(refusals.outputGone());
    },
  } satisfies Partial<Handlers<'chat'>>;
}

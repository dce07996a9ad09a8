/** What the buttons and links of the panel do: most of it is asked of the host and does nothing else here. */
import type { Actions } from './view';

interface ActionParts extends Omit<Actions, 'step' | 'adopt'> {
  /** Opens the list of models. */
  readonly chooseModel: () => void;
  /** Opens the list of conversations where it is not open. */
  readonly openConversations: () => void;
}

/** Joins what the panel does itself with what it asks of the host. */
export function buildActions({ chooseModel, openConversations, ...given }: ActionParts): Actions {
  const { ask, here } = given;
  return {
    ...given,
    step: (step) => {
      switch (step) {
        case 'chooseModel':
          return chooseModel();
        case 'manageExcluded':
          return here('manageExcluded');
        case 'stop':
        case 'retry':
        case 'continue':
        case 'restorePrompt':
        case 'saveAsBranch':
        case 'compact':
        case 'mend':
          return here(step);
        default:
          return ask({ type: 'do', action: step });
      }
    },
    adopt: (key) => {
      ask({ type: 'adoptConversations', key });
      openConversations();
    },
  };
}

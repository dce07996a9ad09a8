/** How attachments come into a conversation: from the panel, from the disk, by an address. */
import { messageOf } from '../../core/base/errors';
import type { LocalizableMessage } from '../../shared/chat';
import { readImage } from '../../shared/images/imageHeader';
import type { Handlers } from '../../shared/intents';
import { refusals } from '../base/plainStrings';
import type { FileSource, IncomingFile } from '../workspace/fileSource';
import { type DraftAttachments, utf8 } from './draft/attachments';
import type { Screen } from './turns/screen';

/** Characters of a refused text that the text box can hold: a longer one would hold up the panel (L68). */
const maxWords = 200_000;

/** Takes files into the draft's attachments, each with its own failure. */
export class AttachFiles {
  constructor(
    private readonly attachments: DraftAttachments,
    private readonly screen: Screen,
    private readonly files: FileSource,
    /** Makes sure that the conversation is stored. */
    private readonly create: () => Promise<unknown>,
    /** Puts words into the composer. */
    private readonly giveBack: (text: string) => void,
  ) {}

  readonly handlers = {
    attach: (file) => this.take(file),
    attachToEdit: (file) => this.take(file, file.edit),
    attachPasted: ({ bytes, edit }) => this.attachPasted(utf8.decode(bytes), edit),
    pastedText: ({ id }) => this.attachments.pastedText(id),
    attachUrl: ({ url, edit }) => this.attachments.attachUrl(url, this.create(), edit),
    detach: ({ id }) => this.attachments.detach(id),
    pickFiles: async () => {
      for (const uri of await this.files.pick()) await this.attachUri(uri);
    },
  } satisfies Partial<Handlers<'chat'>>;

  private take(
    { name, mediaType, data }: { readonly name: string; readonly mediaType: string; readonly data: string },
    edit?: string,
  ): Promise<unknown> {
    return this.attachments.attach({ name, mediaType, bytes: Buffer.from(data, 'base64') }, this.create(), edit);
  }

  /**
   * What is not taken in is put behind the draft: whoever pasted it may look at another conversation by then. Of a message
   * that is written anew the panel has the field.
   */
  private async attachPasted(text: string, edit: string | null): Promise<void> {
    try {
      await this.attachments.attachPasted(text, this.create(), edit);
    } catch (error) {
      if (edit === null && text.length <= maxWords) this.giveBack(text);
      throw error;
    }
  }

  /**
   * Attaches a file of this machine; a panel that shows the conversation looks at an image first and scales it. Resolves
   * to the ids of what was attached by then.
   */
  async attachUri(uri: string, edit?: string): Promise<readonly string[]> {
    let file: IncomingFile;
    try {
      file = await this.files.read(uri);
    } catch (error) {
      const why = messageOf(error);
      const name = uri.slice(uri.lastIndexOf('/') + 1);
      this.refused(name, refusals.notReadable(name, why));
      return [];
    }
    // A browser knows better than any header whether an image can be shown.
    if (readImage(file.bytes).kind === 'image') {
      const { name, mediaType, bytes } = file;
      const { conversation } = this.screen;
      const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
      const into = edit === undefined ? {} : { edit };
      if (this.screen.ask({ type: 'resize', conversation, ...into, name, mediaType, data })) return [];
    }
    return await this.attachments.attach(file, this.create(), edit);
  }

  /** Says why something was not taken: in the panel, or where no panel shows the conversation, in a message. */
  refused(name: string, reason: LocalizableMessage): void {
    const { conversation } = this.screen;
    if (this.screen.isShown) this.screen.post({ type: 'attachRefused', conversation, name, reason });
    else this.files.tell(name, reason);
  }
}

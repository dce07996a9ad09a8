/** How attachments come into a conversation: from the panel, from the disk, by an address. */
import type { Words } from '../shared/chat';
import { readImage } from '../shared/imageHeader';
import type { ViewToHost } from '../shared/protocol';
import type { DraftAttachments, FileSource, IncomingFile } from './attachments';
import type { Screen } from './screen';

export type AttachIntent = Extract<
  ViewToHost,
  { readonly type: 'attach' | 'attachUrl' | 'attachFile' | 'detach' | 'pickFiles' }
>;

export class AttachFiles {
  constructor(
    private readonly attachments: DraftAttachments,
    private readonly screen: Screen,
    private readonly files: FileSource,
    /** Makes sure that the conversation is stored. */
    private readonly create: () => Promise<void>,
  ) {}

  async handle(intent: AttachIntent): Promise<void> {
    switch (intent.type) {
      case 'attach': {
        const { name, mediaType, data } = intent;
        return this.attachments.attach({ name, mediaType, bytes: Buffer.from(data, 'base64') }, this.create());
      }
      case 'attachUrl':
        return this.attachments.attachUrl(intent.url, this.create());
      case 'attachFile':
        return this.attachUri(intent.uri);
      case 'detach':
        return this.attachments.detach(intent.id);
      case 'pickFiles':
        for (const uri of await this.files.pick()) await this.attachUri(uri);
    }
  }

  /** Attaches a file of this machine; a panel that shows the conversation looks at an image first and scales it. */
  async attachUri(uri: string): Promise<void> {
    let file: IncomingFile;
    try {
      file = await this.files.read(uri);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const name = uri.slice(uri.lastIndexOf('/') + 1);
      this.refused(name, { text: '{0} could not be read: {1}', args: [name, why] });
      return;
    }
    // A browser knows better than any header whether an image can be shown.
    if (readImage(file.bytes).kind === 'image') {
      const { name, mediaType, bytes } = file;
      const { conversation } = this.screen;
      const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
      if (this.screen.ask({ type: 'resize', conversation, name, mediaType, data })) return;
    }
    await this.attachments.attach(file, this.create());
  }

  /** Says why something was not taken: in the panel, or where no panel shows the conversation, in a message. */
  refused(name: string, reason: Words): void {
    const { conversation } = this.screen;
    if (this.screen.isShown) this.screen.post({ type: 'attachRefused', conversation, name, reason });
    else this.files.tell(name, reason);
  }
}

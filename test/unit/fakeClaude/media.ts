import type { ImageType } from '../../fakeClaude/images';

/** The smallest bytes that say what they are. */

export function png(width: number, height: number): Buffer {
  const bytes = Buffer.from('89504e470d0a1a0a0000000d494844520000000000000000', 'hex');
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  return bytes;
}

export function jpeg(width: number, height: number): Buffer {
  const bytes = Buffer.from(
    'ffd8ffe000104a46494600010100000100010000ffc00011080000000003012200021101031101ffd9',
    'hex',
  );
  bytes.writeUInt16BE(height, 25);
  bytes.writeUInt16BE(width, 27);
  return bytes;
}

export function gif(width: number, height: number): Buffer {
  const bytes = Buffer.from('47494638396100000000000000', 'hex');
  bytes.writeUInt16LE(width, 6);
  bytes.writeUInt16LE(height, 8);
  return bytes;
}

export function webp(width: number, height: number): Buffer {
  const bytes = Buffer.alloc(30);
  bytes.write('RIFF', 0, 'latin1');
  bytes.write('WEBPVP8X', 8, 'latin1');
  bytes.writeUIntLE(width - 1, 24, 3);
  bytes.writeUIntLE(height - 1, 27, 3);
  return bytes;
}

export function pdf(pages: number, encrypted = false): Buffer {
  const kids = Array.from({ length: pages }, (_, index) => `${index + 3} 0 obj << /Type /Page /Parent 2 0 R >> endobj`);
  const head = `%PDF-1.7\n1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj\n2 0 obj << /Type /Pages /Count ${pages} >> endobj`;
  return Buffer.from(
    `${head}\n${kids.join('\n')}\ntrailer << /Root 1 0 R ${encrypted ? '/Encrypt 9 0 R' : ''} >>\n%%EOF`,
  );
}

/** An image block as a request carries it. */
export function imageBlock(bytes: Buffer, media_type: ImageType = 'image/png') {
  return { type: 'image', source: { type: 'base64', media_type, data: padded(bytes) } } as const;
}

/** A PDF block as a request carries it. */
export function pdfBlock(bytes: Buffer) {
  return {
    type: 'document',
    source: { type: 'base64', media_type: 'application/pdf', data: padded(bytes) },
  } as const;
}

const padded = (bytes: Buffer): string => bytes.toString('base64');

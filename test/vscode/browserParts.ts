import { spawnSync } from 'node:child_process';
import { accessSync, chmodSync, constants, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { readBrotli, unpackTar } from './archive';
import { fetchPackage } from './npm';

/** A Chromium and how to start it. */
export interface Chromium {
  readonly executablePath: string;
  /** Variables it needs beside the environment's own (fonts, libraries). */
  readonly env: Readonly<Record<string, string>>;
  readonly args: readonly string[];
}

/** Older ones lack what the workbench and Playwright ask for. */
const oldestChromium = 120;

const commandNames = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

const knownPlaces: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ],
  win32: ['C:\\Program Files', 'C:\\Program Files (x86)'].flatMap((folder) => [
    join(folder, 'Google\\Chrome\\Application\\chrome.exe'),
    join(folder, 'Microsoft\\Edge\\Application\\msedge.exe'),
  ]),
};

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Undefined where it does not start; Windows' builds print no version, so there being one has to do. */
function majorVersion(path: string): number | undefined {
  if (process.platform === 'win32') return oldestChromium;
  const { stdout } = spawnSync(path, ['--version'], { encoding: 'utf8', timeout: 15_000 });
  const found = /(\d+)\.\d+\.\d+/.exec(stdout ?? '');
  return found ? Number(found[1]) : undefined;
}

/** The browser that PRELUDE_CHROMIUM names; a name that leads nowhere is an error and not passed over. */
export function namedChromium(): string | undefined {
  const named = process.env['PRELUDE_CHROMIUM'];
  if (!named) return undefined;
  if (!isExecutable(named)) throw new Error(`PRELUDE_CHROMIUM names ${named}, which cannot be executed.`);
  return named;
}

/** A Chromium of this machine that is new enough. */
export function systemChromium(): string | undefined {
  const onPath = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const candidates = [
    ...onPath.flatMap((folder) => commandNames.map((name) => join(folder, name))),
    ...(knownPlaces[process.platform] ?? []),
  ];
  return candidates.find((path) => isExecutable(path) && (majorVersion(path) ?? 0) >= oldestChromium);
}

/** The package that carries a headless Chromium for Linux, and fonts that cover what screenshots show. */
export const browserPackages = {
  chromium: '@sparticuz/chromium@153.0.0',
  fonts: [
    { spec: 'dejavu-fonts-ttf@2.37.3', keep: /ttf\/DejaVuSans(Mono)?(-Bold|-Oblique|-BoldOblique)?\.ttf$/ },
    { spec: '@expo-google-fonts/noto-color-emoji@0.4.6', keep: /NotoColorEmoji_400Regular\.ttf$/ },
    { spec: '@expo-google-fonts/kosugi@0.1.0', keep: /Kosugi_400Regular\.ttf$/ },
    { spec: '@expo-google-fonts/zcool-xiaowei@0.4.1', keep: /ZCOOLXiaoWei_400Regular\.ttf$/ },
  ],
} as const;

/** Families in the order in which fontconfig tries them, so that a glyph missing in one is found in the next. */
const families: ReadonlyArray<readonly [string, readonly string[]]> = [
  ['sans-serif', ['Open Sans', 'DejaVu Sans', 'Noto Color Emoji', 'Kosugi', 'ZCOOL XiaoWei']],
  ['monospace', ['DejaVu Sans Mono', 'Noto Color Emoji', 'Kosugi', 'ZCOOL XiaoWei']],
  ['serif', ['DejaVu Sans', 'Noto Color Emoji', 'Kosugi', 'ZCOOL XiaoWei']],
  ['system-ui', ['Open Sans', 'DejaVu Sans', 'Noto Color Emoji', 'Kosugi', 'ZCOOL XiaoWei']],
];

/** Written at each start and not at installation: it holds absolute paths, and the cache folder may be moved. */
function fontsConf(folder: string): string {
  const aliases = families.map(
    ([name, preferred]) =>
      `  <alias binding="same"><family>${name}</family><prefer>${preferred.map((family) => `<family>${family}</family>`).join('')}</prefer></alias>`,
  );
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${join(folder, 'fonts')}</dir>
  <cachedir>${join(folder, 'fontCache')}</cachedir>
${aliases.join('\n')}
</fontconfig>
`;
}

/** Fetches the packaged Chromium and its fonts into a folder. Its own library is not used: it writes to a fixed place. */
export async function fetchChromium(folder: string): Promise<void> {
  const packed = join(folder, 'packed');
  await fetchPackage(browserPackages.chromium, packed, {
    place: (path) => (path.startsWith('bin/') ? path.slice('bin/'.length) : undefined),
  });
  const executable = join(folder, 'chromium');
  writeFileSync(executable, await readBrotli(join(packed, 'chromium.br')));
  chmodSync(executable, 0o755);
  for (const part of ['al2023', 'fonts', 'swiftshader']) {
    unpackTar(await readBrotli(join(packed, `${part}.tar.br`)), folder);
  }
  rmSync(packed, { recursive: true });
  for (const { spec, keep } of browserPackages.fonts) {
    await fetchPackage(spec, join(folder, 'fonts'), {
      place: (path) => (keep.test(path) ? path.slice(path.lastIndexOf('/') + 1) : undefined),
    });
  }
  mkdirSync(join(folder, 'fontCache'), { recursive: true });
  writeFileSync(join(folder, 'fonts.conf'), '');
}

/** How to start the Chromium that `fetchChromium` has put into a folder. */
export function fetchedChromium(folder: string): Chromium {
  const conf = join(folder, 'fonts.conf');
  const wanted = fontsConf(folder);
  if (readFileSync(conf, 'utf8') !== wanted) writeFileSync(conf, wanted);
  const libraries = [join(folder, 'lib'), process.env['LD_LIBRARY_PATH']].filter((path) => path);
  return {
    executablePath: join(folder, 'chromium'),
    env: { LD_LIBRARY_PATH: libraries.join(':'), FONTCONFIG_FILE: conf, FONTCONFIG_PATH: folder },
    args: [],
  };
}

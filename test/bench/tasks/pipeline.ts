/** A data pipeline in Python: one of the workspaces that the tasks are about. */
import { filler } from './filler';

const ingest = `import csv
import logging
from pathlib import Path

from .schema import COLUMNS, parse_row

log = logging.getLogger(__name__)

MAX_BAD_ROWS = 50


def read_rows(path: Path, encoding: str = "utf-8-sig"):
    """Rows of a CSV file. More than MAX_BAD_ROWS that cannot be parsed end the run."""
    bad = 0
    with path.open(newline="", encoding=encoding) as file:
        for number, row in enumerate(csv.DictReader(file), start=2):
            try:
                yield parse_row(row)
            except ValueError as error:
                bad += 1
                log.warning("%s:%d is left out: %s", path.name, number, error)
                if bad > MAX_BAD_ROWS:
                    raise RuntimeError(f"{path.name}: more than {MAX_BAD_ROWS} bad rows") from error
`;

const schema = `from datetime import date
from decimal import Decimal

COLUMNS = ("day", "store", "sku", "units", "revenue")


def parse_row(row):
    """Types of the columns. Revenue is in the store's own currency."""
    return {
        "day": date.fromisoformat(row["day"]),
        "store": row["store"].strip().upper(),
        "sku": row["sku"],
        "units": int(row["units"]),
        "revenue": Decimal(row["revenue"].replace(",", ".")),
    }
`;

const clean = `from .rates import to_eur


def clean(rows, rates):
    """Drops returns and turns revenue into euros."""
    for row in rows:
        if row["units"] <= 0:
            continue
        yield {**row, "revenue": to_eur(row["revenue"], row["store"], rates)}
`;

const rates = `from decimal import ROUND_HALF_EVEN, Decimal

STORE_CURRENCIES = {"ZRH": "CHF", "LON": "GBP", "BER": "EUR", "PAR": "EUR"}


def to_eur(amount: Decimal, store: str, rates) -> Decimal:
    """Amount in euros, rounded to cents. A store that is not known counts as EUR."""
    currency = STORE_CURRENCIES.get(store, "EUR")
    if currency == "EUR":
        return amount
    return (amount * rates[currency]).quantize(Decimal("0.01"), ROUND_HALF_EVEN)
`;

const features = `def weekly(rows):
    """Sums of units and revenue by store, sku and ISO week."""
    sums = {}
    for row in rows:
        year, week, _ = row["day"].isocalendar()
        key = (row["store"], row["sku"], year, week)
        units, revenue = sums.get(key, (0, 0))
        sums[key] = (units + row["units"], revenue + row["revenue"])
    return sums
`;

const train = `import json
import random

from .features import weekly

HOLDOUT_WEEKS = 8


def split(sums, seed=13):
    """Training and test keys: the last HOLDOUT_WEEKS weeks are for the test."""
    keys = sorted(sums)
    weeks = sorted({key[2:] for key in keys})
    late = set(weeks[-HOLDOUT_WEEKS:])
    return [k for k in keys if k[2:] not in late], [k for k in keys if k[2:] in late]
`;

const cli = `import argparse
from pathlib import Path

from .clean import clean
from .ingest import read_rows
from .rates import STORE_CURRENCIES
from .train import split


def main(argv=None):
    parser = argparse.ArgumentParser(prog="pipeline")
    parser.add_argument("file", type=Path)
    parser.add_argument("--encoding", default="utf-8-sig")
    parser.add_argument("--dry-run", action="store_true")
    args = parser.parse_args(argv)
    rows = list(read_rows(args.file, args.encoding))
    if args.dry_run:
        print(f"{len(rows)} rows, {len(STORE_CURRENCIES)} stores")
        return 0
    return run(rows)
`;

const notebook = JSON.stringify({
  cells: [
    { cell_type: 'markdown', metadata: {}, source: ['# Which weeks are odd?'] },
    {
      cell_type: 'code',
      metadata: {},
      execution_count: 1,
      source: [
        'from pipeline.features import weekly\n',
        'odd = [k for k, (u, r) in weekly(rows).items() if r / u > 900]',
      ],
      outputs: [{ output_type: 'stream', name: 'stdout', text: ['17 odd weeks, all in ZRH\n'] }],
    },
    {
      cell_type: 'code',
      metadata: {},
      execution_count: 2,
      source: ['plot(odd)'],
      outputs: [{ output_type: 'display_data', metadata: {}, data: { 'image/png': 'iVBORw0KGgo'.repeat(4000) } }],
    },
  ],
  metadata: { language_info: { name: 'python' } },
  nbformat: 4,
  nbformat_minor: 5,
});

const steps = ['reports', 'forecast', 'export', 'quality', 'archive', 'alerts'];

/** Paths and texts. */
export const pipeline: Readonly<Record<string, string>> = {
  'README.md': '# Pipeline\n\n`python -m pipeline sales.csv`\n',
  '.gitignore': '.venv/\n*.pyc\nout/\n',
  'pipeline/ingest.py': `${ingest}\n\n${filler('py', 50, 20)}`,
  'pipeline/schema.py': schema,
  'pipeline/clean.py': clean,
  'pipeline/rates.py': `${rates}\n\n${filler('py', 51, 30)}`,
  'pipeline/features.py': `${filler('py', 52, 25)}\n${features}`,
  'pipeline/train.py': `${train}\n\n${filler('py', 53, 20)}`,
  'pipeline/__main__.py': cli,
  'notebooks/odd weeks.ipynb': notebook,
  ...Object.fromEntries(steps.map((name, n) => [`pipeline/${name}.py`, filler('py', 60 + n, 45)])),
  '.venv/lib/decimal_rates.py': `STORE_CURRENCIES = {}\n${filler('py', 70, 80)}`,
  'tests/test_rates.py':
    'from decimal import Decimal\n\nfrom pipeline.rates import to_eur\n\n\ndef test_unknown_store_counts_as_euros():\n    assert to_eur(Decimal("3.10"), "XXX", {}) == Decimal("3.10")\n',
};

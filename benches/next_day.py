"""The next day's register extract: one row in a hundred has another number of pupils.

    next_day.py SEED FROM TO

Every other row keeps its bytes.
"""

import csv
import io
import random
import sys


def records(text):
    """Whole records; a quoted field may hold line ends."""
    pending = ""
    for line in text.splitlines(keepends=True):
        pending += line
        if pending.count('"') % 2 == 0:
            yield pending
            pending = ""
    if pending:
        yield pending


def main():
    seed, source, target = int(sys.argv[1]), sys.argv[2], sys.argv[3]
    dice = random.Random(seed)
    with open(source, newline="", encoding="cp1252", errors="surrogateescape") as file:
        rows = list(records(file.read()))
    header = next(csv.reader([rows[0]]))
    column = header.index("NumberOfPupils")
    able = [n for n in range(1, len(rows)) if next(csv.reader(io.StringIO(rows[n], newline="")))[column].isdigit()]
    chosen = dice.sample(able, min(len(able), (len(rows) - 1) // 100))
    for n in chosen:
        cells = next(csv.reader(io.StringIO(rows[n], newline="")))
        cells[column] = str(int(cells[column]) + dice.randrange(1, 9))
        out = io.StringIO(newline="")
        csv.writer(out, lineterminator="\r\n" if rows[n].endswith("\r\n") else "\n").writerow(cells)
        rows[n] = out.getvalue()
    with open(target, "w", newline="", encoding="cp1252", errors="surrogateescape") as file:
        file.write("".join(rows))
    print(f"{len(chosen)} of {len(rows) - 1} rows changed")


main()

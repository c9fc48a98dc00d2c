"""Reads a Parquet file in a process of its own: a damaged one can end its process, and a small one fill the memory.

`python parquet_reader.py BYTES BYTES_A_CELL BYTES_A_BYTE_OF_TEXT` reads the file from its input and writes the table as
Arrow; BYTES are what the table may need. Exit code 3: it cannot be read, with the reason on stderr; 4: the table needs
more, and its output says how much. It imports nothing of bench.
"""

from __future__ import annotations

import io
import resource
import sys

import polars as pl

#: What a process of polars takes without a table.
OWN_BYTES = 2**30


def read(raw: bytes, free: float, of_cell: float, of_text: float) -> int:
    """Read the file and write the table. Returns the exit code."""
    columns = len(pl.read_parquet_schema(io.BytesIO(raw)))
    rows = pl.scan_parquet(io.BytesIO(raw)).select(pl.len()).collect().item()
    needed = rows * columns * of_cell
    if needed <= free:
        frame = pl.read_parquet(io.BytesIO(raw))
        texts = frame.select(pl.col(pl.String))
        letters = sum(int(column.str.len_bytes().sum() or 0) for column in texts)
        needed = max(needed, of_text * letters)
    if needed > free:
        sys.stdout.write(str(needed))
        return 4
    frame.write_ipc(sys.stdout.buffer)
    return 0


if __name__ == "__main__":
    free, of_cell, of_text = map(float, sys.argv[1:])
    limit = int(free) + OWN_BYTES
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    try:
        code = read(sys.stdin.buffer.read(), free, of_cell, of_text)
    except (Exception, pl.exceptions.PanicException) as error:
        sys.stderr.write(f"\n{(str(error) or type(error).__name__).splitlines()[0]}")
        code = 3
    sys.exit(code)

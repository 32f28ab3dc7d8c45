"""SQLite's own limit: two INSERTs per transaction in a loop, WAL and FULL, without HTTP.

Run as `python -m benchmarks.baselines.raw_sqlite FOLDER SECONDS`; prints one line of JSON.
"""

import json
import sys
import time
from dataclasses import asdict
from pathlib import Path

from benchmarks.load import Outcome
from true_api.kernel.database_sqlite import driver, log_is_safe
from true_api.kernel.ids import new_id

TABLES = """
CREATE TABLE IF NOT EXISTS encounters (
    id BLOB PRIMARY KEY, participant TEXT NOT NULL, setting TEXT NOT NULL, outcome TEXT NOT NULL,
    occurred_on TEXT NOT NULL, part_of_day TEXT NOT NULL, acts TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS journey ON encounters (participant, occurred_on, id);
CREATE TABLE IF NOT EXISTS trail (
    id BLOB PRIMARY KEY, at TEXT NOT NULL, actor TEXT NOT NULL, door TEXT NOT NULL, encounter_id BLOB NOT NULL
);
"""
ENCOUNTER = "INSERT INTO encounters VALUES (?, ?, 'street', 'engaged', '2026-11-01', 'night', ?)"
TRAIL = "INSERT INTO trail VALUES (?, '2026-11-02T17:00:00Z', 'peer-01', 'POST encounters', ?)"
ACTS = '[{"act": "listening"}, {"act": "naloxone_given", "quantity": 2}]'


def write_for(folder: Path, seconds: float) -> Outcome:
    """One transaction after the other."""
    connection = driver().connect(folder / "raw.db", isolation_level=None)
    # The same journal that the server would keep with this SQLite.
    connection.execute(f"PRAGMA journal_mode={'WAL' if log_is_safe() else 'DELETE'}")
    connection.execute("PRAGMA synchronous=FULL")
    connection.executescript(TABLES)
    took: list[float] = []
    began, cpu_before = time.perf_counter(), time.process_time()
    while (before := time.perf_counter()) < began + seconds:
        encounter = new_id().bytes
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(ENCOUNTER, (encounter, f"participant-{len(took) % 64}", ACTS))
        connection.execute(TRAIL, (new_id().bytes, encounter))
        connection.execute("COMMIT")
        took.append(time.perf_counter() - before)
    elapsed, cpu = time.perf_counter() - began, time.process_time() - cpu_before
    connection.close()
    return Outcome(took, elapsed, cpu=cpu)


if __name__ == "__main__":
    print(json.dumps(asdict(write_for(Path(sys.argv[1]), float(sys.argv[2])))))

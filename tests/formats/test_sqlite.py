"""SQLite, as shelves keep pickles in it."""

import pickle
import sqlite3

import pytest

from tests.builders.models import assert_blocked, weighed
from tests.builders.pickles import evil
from weighbridge.policy.verdict import EvalOutcome

SHELF = "CREATE TABLE Dict (key BLOB UNIQUE NOT NULL, value BLOB NOT NULL)"  # as dbm.sqlite3 makes it
HONEST = pickle.dumps({"weights": [0.5] * 99}, protocol=4)


def database(rows: dict[str, bytes], schema: str = SHELF, page: int = 4096) -> bytes:
    connection = sqlite3.connect(":memory:")
    connection.execute(f"PRAGMA page_size = {page}")
    connection.execute(schema)
    connection.executemany("INSERT INTO Dict VALUES (CAST(? AS BLOB), ?)", rows.items())
    connection.commit()
    return connection.serialize()


def many(last: bytes) -> dict[str, bytes]:
    return {f"key {n}": HONEST for n in range(500)} | {"zzz": last}


@pytest.mark.parametrize("page", [512, 4096, 65536])
@pytest.mark.parametrize("protocol", [0, 1, 2, 3, 4])
def test_pickle_in_a_row_is_found(protocol, page):
    """In the last of five hundred rows, whatever its protocol and however large the pages."""
    assert_blocked(weighed(database(many(evil(protocol)), page=page), "shelf.db"), "posix.system")


def test_pickle_that_runs_over_pages_is_found():
    """What stands on overflow pages is put together again."""
    long = (
        b"\x80\x04]\x94(C\xff"
        + bytes(255)
        + b"B"
        + (20_000).to_bytes(4, "little")
        + bytes(20_000)
        + b"e0"
        + evil(2)[2:]
    )

    assert_blocked(weighed(database(many(long)), "shelf"), "posix.system")


def test_table_without_rows_numbers_is_read_too():
    """Its records lie in an index."""
    schema = SHELF.replace("UNIQUE", "PRIMARY KEY") + " WITHOUT ROWID"

    assert_blocked(weighed(database(many(evil(2)), schema), "shelf"), "posix.system")


@pytest.mark.parametrize(
    "value", [HONEST, pickle.dumps(list(range(30_000)), protocol=5), b"\xff\xd8\xff" + bytes(9000), b"a text"],
    ids=["pickle", "pickle over pages", "picture", "text"],
)  # fmt: skip
def test_honest_database_is_allowed(value):
    """Rows of pickles that do nothing, pictures and words."""
    verdict = weighed(database(many(value)), "study.db")

    assert verdict.eval_outcome is EvalOutcome.ALLOWED, verdict.violations
    assert verdict.files[0].formats[0] == "sqlite"

"""Numbers, words, letters of every alphabet, packed and measured things: nothing honest is taken for an attack."""

from __future__ import annotations

import base64
import random
import struct
from collections.abc import Callable

import pytest

from tests.builders.models import blocking, weighed
from weighbridge.gate import scan
from weighbridge.policy.verdict import EvalOutcome
from weighbridge.settings import Settings

WORDS = "the cat import os system xerox No Public Quick Run go bus Italy Just King Left Go exec (see ]x }y )z".split()
SEEDS = 40
SIZES = (90, 900, 5000)


def words(chance: random.Random, count: int) -> list[str]:
    return [chance.choice(WORDS) + chance.choice(["", "s", str(chance.randrange(9))]) for _ in range(count)]


def letters(chance: random.Random, alphabet: str) -> str:
    return "".join(chance.choice(alphabet) for _ in range(chance.choice(SIZES)))


def noise(chance: random.Random) -> bytes:
    return chance.randbytes(chance.choice(SIZES))


def numbers(chance: random.Random) -> list[str]:
    return [str(chance.randrange(10 ** chance.randrange(1, 9))) for _ in range(300)]


def gauss(chance: random.Random) -> list[float]:
    return [chance.gauss(0, 1) for _ in range(500)]


def again(chance: random.Random, data: bytes) -> bytes:
    return data * chance.choice((5, 100, 3000))


KINDS: dict[str, Callable[[random.Random], bytes]] = {
    "base64 in one line": lambda c: base64.b64encode(noise(c)),
    "base64 in lines": lambda c: base64.encodebytes(noise(c)),
    "base64 for addresses": lambda c: base64.urlsafe_b64encode(noise(c)),
    "base32": lambda c: base64.b32encode(noise(c)),
    "ascii85": lambda c: base64.a85encode(noise(c)),
    "base85": lambda c: base64.b85encode(noise(c)),
    "hexadecimal": lambda c: noise(c).hex().encode(),
    "hexadecimal in lines": lambda c: noise(c).hex("\n", 16).upper().encode(),
    "list of whole numbers": lambda c: ("[" + ",".join(numbers(c)) + "]").encode(),
    "list of whole numbers, apart": lambda c: ("[" + ", ".join(numbers(c)) + "]").encode(),
    "list of one number": lambda c: ("[" + ",".join([numbers(c)[0]] * 5000) + "]").encode(),
    "list of fractions": lambda c: repr(gauss(c)).encode(),
    "list of words": lambda c: repr(words(c, 300)).replace("'", '"').encode(),
    "lines of numbers": lambda c: "\n".join(numbers(c)).encode(),
    "lines of one number": lambda c: f"{c.randrange(100)}\n".encode() * 5000,
    "table": lambda c: "".join(
        f"{a},{b},{d!r}\n" for a, b, d in zip(numbers(c), words(c, 300), gauss(c)[:300], strict=True)
    ).encode(),
    "list of letters": lambda c: "\n".join(words(c, 300)).encode(),
    "prose": lambda c: " ".join(words(c, 300)).encode() + b".",
    "any letters": lambda c: letters(c, "".join(map(chr, range(32, 127)))).encode(),
    "latin": lambda c: letters(c, "aeiouäöüß éèñ\n").encode("latin-1"),
    "cyrillic": lambda c: letters(c, "русский текст, да.\n").encode("koi8-r"),
    "shift-jis": lambda c: letters(c, "日本語のテキスト、です。\n").encode("shift-jis"),
    "gb18030": lambda c: letters(c, "中文字符，文本。\n").encode("gb18030"),
    "utf-16 with its mark": lambda c: b"\xff\xfe" + " ".join(words(c, 99)).encode("utf-16-le"),
    "utf-16 without": lambda c: " ".join(words(c, 99)).encode("utf-16-be"),
    "noise": noise,
    "one byte": lambda c: again(c, bytes([c.randrange(256)])),
    "two bytes": lambda c: again(c, c.randbytes(2)),
    "a few bytes": lambda c: again(c, c.randbytes(c.choice((3, 4, 5, 8)))),
    "a few letters": lambda c: again(c, letters(c, "0123456789 ,\n.-abcXYZ")[: c.randrange(2, 9)].encode()),
    "int32": lambda c: b"".join(c.randrange(50000).to_bytes(4, "little") for _ in range(500)),
    "int64": lambda c: b"".join(c.randrange(50000).to_bytes(8, "little") for _ in range(500)),
    "float32": lambda c: struct.pack("<500f", *gauss(c)),
    "float64": lambda c: struct.pack("<500d", *gauss(c)),
    "quantised": lambda c: bytes(min(max(int(c.gauss(128, 30)), 0), 255) for _ in range(3000)),
    "log": lambda c: "\n".join(
        f"2026-01-02 INFO {w}: {n}" for w, n in zip(words(c, 300), numbers(c), strict=True)
    ).encode(),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["data.bin", "data"])
def test_nothing_of_that_kind_is_blocked(kind, name):
    """Forty of each, drawn from fixed seeds: ALLOWED."""
    for seed in range(SEEDS):
        data = KINDS[kind](random.Random(f"{kind} {seed}"))

        verdict = weighed(data, name)

        assert verdict.eval_outcome is EvalOutcome.ALLOWED, (
            seed,
            data[:60],
            [(finding.threat.code, finding.message) for finding in blocking(verdict)],
        )


def test_table_without_a_line_end_is_not_read_through(tmp_path):
    """Parquet begins like a persistent id, which ends where a line does: that is not looked for in two gigabytes."""
    path = tmp_path / "table.parquet"
    with path.open("wb") as file:
        file.write(b"PAR1" + b"R." * 99)
        file.truncate(2 << 30)

    [verdict] = scan(Settings((str(path),))).verdicts

    assert verdict.eval_outcome is EvalOutcome.ALLOWED, verdict.violations
    assert verdict.files[0].bytes_read < 1 << 20

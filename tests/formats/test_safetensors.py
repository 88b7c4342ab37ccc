"""safetensors: the whole contract of the header, at the cost of the header."""

import pytest

from tests.builders.safetensors import honest, safetensors, tensor
from weighbridge.artifact import Blob, Limits
from weighbridge.errors import Malformed
from weighbridge.formats import recognise
from weighbridge.formats.safetensors import FORMAT, MISPLACED, ODD_HEADER, ODD_NAME, REPEATED, TRAILING, inspect
from weighbridge.policy.finding import Finding


def looked(data: bytes) -> list[Finding | Blob]:
    return list(inspect(Blob("m.safetensors", data, Limits())))


def threats(data: bytes) -> list[str]:
    return [seen.threat.code for seen in looked(data) if isinstance(seen, Finding)]


def test_honest_file_says_nothing():
    """Slashes in names and tensors that touch are what every file has."""
    assert looked(honest()) == []
    assert looked(honest(__metadata__={"format": "pt"})) == []


@pytest.mark.parametrize(
    ("shape", "size", "dtype"),
    [([], 4, "F32"), ([0], 0, "F32"), ([3], 2, "F4"), ([4], 3, "F6_E2M3"), ([2], 16, "C64"), ([5], 5, "F8_E4M3")],
)
def test_every_shape_and_type_is_measured(shape, size, dtype):
    """Scalars, empty tensors and types of less than a byte have their exact place."""
    found = threats(safetensors({"t": tensor(shape, 0, size, dtype)}, bytes(size)))

    assert found == ([MISPLACED.code] if dtype == "F4" else [])  # three halves of a byte fill no whole bytes


def test_padding_of_the_header_is_honest():
    """Writers fill the header up with spaces."""
    assert looked(safetensors('{"t":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}      ', b"\0")) == []


@pytest.mark.parametrize(
    "header",
    [
        {"a": tensor([2], 0, 8), "b": tensor([2], 4, 12)},
        {"a": tensor([2], 4, 12)},
        {"a": tensor([3], 0, 12), "b": tensor([1], 40, 44)},
        {"a": tensor([4], 0, 12)},
        {"a": tensor([3], -12, 0)},
        {"a": tensor([3], 12, 0)},
        {"a": tensor([-1, -3], 0, 12)},
        {"a": tensor([1 << 62, 4], 0, 12)},
    ],
    ids=["overlap", "hole", "outside", "too-little", "negative", "reversed", "negative-shape", "overflow"],
)
def test_place_that_lies_is_found(header):
    """Overlaps, holes, ends outside the file, and places that type and shape do not fill."""
    assert MISPLACED.code in threats(safetensors(header, bytes(12)))


def test_place_names_its_tensor():
    """The finding lies where the header names the tensor."""
    [finding] = looked(safetensors({"odd one": tensor([4], 0, 12)}, bytes(12)))

    assert isinstance(finding, Finding)
    assert finding.location.offset == 8 + 2
    assert "odd one" in finding.message


def test_hole_is_looked_into():
    """What hides between two tensors is a thing of its own."""
    data = safetensors({"a": tensor([1], 0, 4), "b": tensor([1], 9, 13)}, b"\0\0\0\0cos\n.\0\0\0\0")

    [hole] = [seen for seen in looked(data) if isinstance(seen, Blob)]

    assert hole.peek(0, 9) == b"cos\n."


def test_duplicate_keys_are_found():
    """Equal keys: one reader keeps the first, another the last."""
    twice = '{"t":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"t":{"dtype":"I8","shape":[1],"data_offsets":[0,1]}}'

    assert threats(safetensors(twice, b"\0")) == [REPEATED.code]


@pytest.mark.parametrize(
    "name",
    ["../../etc/cron.d/x", "a/../../b", "..", "..\\x", "C:/x", "a\0b", "a\r\nb", "\x1b[2J", "\u202egpj", "\x7f"],
)
def test_odd_name_is_found(name):
    """A name that climbs, or carries controls into a log."""
    assert threats(safetensors({name: tensor([1], 0, 4)}, bytes(4))) == [ODD_NAME.code]


@pytest.mark.parametrize("name", ["a..b", "/model/layers.0/attn", "läufer", "数据", "x\\y", "a:b"])
def test_merely_unusual_name_is_not(name):
    """Dots, slashes and letters of any script are names."""
    assert threats(safetensors({name: tensor([1], 0, 4)}, bytes(4))) == []


def test_polyglot_with_a_pickle_behind_is_looked_into():
    """Bytes after the last tensor are found, and are another blob."""
    found, rest = looked(honest() + b"cos\nsystem\n.")

    assert isinstance(found, Finding) and found.threat is TRAILING
    assert isinstance(rest, Blob) and rest.peek(0, 4) == b"cos\n"
    assert rest.start == found.location.offset == len(honest())


@pytest.mark.parametrize(
    "entry",
    [
        tensor([1], 0, 4, "F33"),
        {"dtype": "F32", "shape": [1.0], "data_offsets": [0, 4]},
        {"dtype": "F32", "shape": [1], "data_offsets": [0.0, 4]},
        {"dtype": "F32", "shape": [True], "data_offsets": [0, 4]},
        {"dtype": ["F32"], "shape": [1], "data_offsets": [0, 4]},
        {"dtype": "F32", "shape": {"1": 1}, "data_offsets": [0, 4]},
        {"dtype": "F32", "shape": [1], "data_offsets": [0, 4, 8]},
        {"shape": [1]},
        7,
        None,
    ],
)
def test_entry_that_is_no_tensor_is_found(entry):
    """What the library refuses is not what it claims to be."""
    assert ODD_HEADER.code in threats(safetensors({"t": entry}, bytes(4)))


@pytest.mark.parametrize("metadata", [7, ["x"], {"a": 1}, {"a": {"b": "c"}}])
def test_metadata_that_are_no_texts_are_found(metadata):
    """The format knows texts only; anything else is looked at too."""
    found, inside = looked(honest(__metadata__=metadata))

    assert isinstance(found, Finding) and found.threat is ODD_HEADER
    assert isinstance(inside, Blob) and inside.path == "m.safetensors!__metadata__"


def test_metadata_that_say_more_are_looked_into():
    """Settings that ride in the metadata are JSON of their own, also where a text holds them."""
    names = [seen.path for seen in looked(honest(__metadata__={"format": "pt", "config": '{"_target_": "os.system"}'}))]

    assert names == ["m.safetensors!__metadata__", "m.safetensors!__metadata__/config"]


@pytest.mark.parametrize(
    "data",
    [
        safetensors({}, length=1 << 39),
        safetensors({}, length=200_000_000),
        safetensors(b'{"t": \xff}'),
        safetensors('{"t": '),
        safetensors("{} x"),
        safetensors(' {"t": 1}'),
        safetensors('{"a":' + "[" * 200_000 + "]" * 200_000 + "}"),
        safetensors('{"a": ' + "9" * 5000 + "}"),
        safetensors('{"a\nb": 1}'),
        b"\x10\0\0\0\0\0\0\0{",
        b"\x10",
    ],
)
def test_broken_header_is_malformed(data):
    """A header that is too long, cut, no UTF-8 or no JSON ends the reading, and that is a finding of its own."""
    with pytest.raises(Malformed):
        looked(data)


def test_recognised_by_content():
    """No name is needed, and a lie about the length hides nothing."""
    for data in (honest(), safetensors({"a": 1}, length=1 << 30)):
        assert FORMAT in recognise(Blob("weights", data, Limits()))
    assert FORMAT not in recognise(Blob("notes", b"12345678{}", Limits()))


def test_two_gigabytes_cost_a_header():
    """The numbers are never read."""

    class Sparse:
        read = 0

        def __len__(self):
            return 2 << 30

        def __getitem__(self, span):
            start, stop, _ = span.indices(len(self))
            self.read += stop - start
            return (head[start:stop]).ljust(stop - start, b"\0")

    size = (2 << 30) - 8 - 80
    head = safetensors(f'{{"t":{{"dtype":"U8","shape":[{size}],"data_offsets":[0,{size}]}}}}'.ljust(80))
    data = Sparse()

    assert list(inspect(Blob("big.safetensors", data, Limits()))) == []
    assert data.read <= 4096

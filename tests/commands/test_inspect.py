"""`weighbridge inspect`: parts, findings, opcodes."""

from click.testing import CliRunner

from tests.builders import torch
from tests.builders.pickles import evil
from weighbridge.cli import weighbridge


def said(*words):
    done = CliRunner().invoke(weighbridge, ["inspect", *map(str, words)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output.splitlines()


def test_guilty_opcode_is_marked(tmp_path):
    """The opcodes around the finding, and the call as it would be made."""
    (tmp_path / "m.pkl").write_bytes(evil(4))
    lines = said(tmp_path / "m.pkl")
    [marked] = [line for line in lines if line.lstrip().startswith(">")]
    assert "REDUCE" in marked
    assert "calls posix.system('echo weighed')" in marked
    assert any("STACK_GLOBAL" in line and "imports posix.system" in line for line in lines)


def test_tree_names_every_part(tmp_path):
    """An archive, and what lies in it, with what each was read as."""
    (tmp_path / "m.pt").write_bytes(torch.archive(torch.checkpoint({"w": 4}, data_pkl=evil(2))))
    lines = said(tmp_path / "m.pt", "--tree")
    assert lines[0].startswith("m.pt  [pytorch_v1_13, zip]")
    assert any("m.pt!archive/data.pkl  [pickle]" in line for line in lines)


def test_opcodes_of_one_member(tmp_path):
    """Every opcode to STOP, of the member that was named."""
    (tmp_path / "m.pt").write_bytes(torch.archive(torch.checkpoint({"w": 4}, data_pkl=evil(2))))
    lines = said(tmp_path / "m.pt", "--opcodes", "--member", "data.pkl")
    assert "PROTO" in lines[1]
    assert lines[-1].split()[1] == "STOP"


def test_broken_pickle_says_where(tmp_path):
    """The last line tells why nobody reads on."""
    (tmp_path / "m.pkl").write_bytes(evil(4)[:-1] + b"X\xff\xff\xff\x00")
    assert "(broken)" in said(tmp_path / "m.pkl", "--opcodes")[-1]

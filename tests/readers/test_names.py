"""Names of parts, paths and links: what leads out of the model's folder, on any system."""

import pytest

from weighbridge.readers.names import leads_out, link_leads_out, odd


@pytest.mark.parametrize("path", ["w.bin", "a/b/c.txt", "a-b_c.1/d", "é/ü", "a..b", "a b", ".hidden", "folder/"])
def test_path_within_the_folder_passes(path):
    """Letters of any alphabet, dots within names."""
    assert leads_out(path) == ""


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("../w", "climbs"),
        ("a/../../w", "climbs"),
        ("a\\..\\w", "climbs"),
        ("..", "climbs"),
        ("C:\\w", "climbs"),
        ("\\\\host\\share", "climbs"),
        ("/etc/passwd", "absolute"),
        ("~/w", "absolute"),
        ("\\w", "absolute"),
        ("C:w", "absolute"),
        ("https://host/w", "address"),
        ("s3:w", "address"),
        ("a\x1b[0m", "control"),
        ("a\u202eb", "control"),
    ],
)
def test_path_that_leads_out_is_told(path, why):
    """With what is wrong about it."""
    assert why in leads_out(path)


@pytest.mark.parametrize(
    ("name", "target", "out"),
    [
        ("a/link", "b", False),
        ("a/link", "../b", False),
        ("a/b/link", "../../c", False),
        ("link", "../b", True),
        ("a/link", "../../b", True),
        ("a/link", "..\\..\\b", True),
        ("a/link", "/etc", True),
        ("a/link", "C:b", True),
        ("a/link", "https://host", True),
    ],
)
def test_link_is_followed_from_where_it_stands(name, target, out):
    """A link may climb as far as its own folder is deep."""
    assert link_leads_out(name, target) is out


def test_name_of_a_part_may_have_slashes():
    """It is no file."""
    assert odd("/layer/weights") == ""
    assert odd("a/../b") == "climbs out of a folder"

"""ZIP and TAR archives, honest by the standard library, dishonest by hand."""

import io
import struct
import tarfile
import zipfile
import zlib


def zipped(*members: tuple[str, bytes], method: int = zipfile.ZIP_STORED, comment: bytes = b"") -> bytes:
    """An honest archive; members may share a name."""
    import warnings

    made = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(made, "w", method) as archive:
        warnings.simplefilter("ignore")
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name), data, method)
        archive.comment = comment
    return made.getvalue()


def local(name: bytes, data: bytes, *, flags=0, method=0, crc=None, size=None, compressed=None) -> bytes:
    """A local header and its data; what is not given is told truly."""
    crc = zlib.crc32(data) if crc is None else crc
    size = len(data) if size is None else size
    compressed = len(data) if compressed is None else compressed
    return struct.pack("<4sHHHHHLLLHH", b"PK\3\4", 20, flags, method, 0, 33, crc, compressed, size, len(name), 0) + (
        name + data
    )


def central(name: bytes, offset: int, data: bytes, *, flags=0, method=0, crc=None, size=None, mode=0) -> bytes:
    crc = zlib.crc32(data) if crc is None else crc
    size = len(data) if size is None else size
    fields = (b"PK\1\2", 20, 20, flags, method, 0, 33, crc, len(data), size, len(name), 0, 0, 0, 0, mode << 16, offset)
    return struct.pack("<4sHHHHHHLLLHHHHHLL", *fields) + name


def ended(body: bytes, *entries: bytes, count: int | None = None) -> bytes:
    """A body, its central directory, and the end record."""
    directory = b"".join(entries)
    count = len(entries) if count is None else count
    return body + directory + struct.pack("<4sHHHHLLH", b"PK\5\6", 0, 0, count, count, len(directory), len(body), 0)


def tarred(*members: tuple[str, bytes], links: tuple[tuple[str, str, bytes], ...] = ()) -> bytes:
    """An honest tar; `links` are (name, target, type)."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
        for name, target, kind in links:
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, target
            archive.addfile(info)
    return made.getvalue()

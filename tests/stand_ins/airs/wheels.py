"""Wheels as an index serves them: the client, what it needs, and the placeholder that took its name."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

SUMMARY = "Python SDK for the Prisma AIRS Model Security API"
PLACEHOLDER = "Placeholder package"
CLIENT = Path(__file__).with_name("model_security.py")
LATEST = "1.1.2"


def wheel(
    name: str, version: str, summary: str, files: Mapping[str, str], *needs: str, scripts: str = ""
) -> tuple[str, bytes]:
    """A pure wheel: its file name, and its bytes."""
    stem = f"{name.replace('-', '_')}-{version}"
    head = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}", f"Summary: {summary}"]
    head += [f"Requires-Dist: {need}" for need in needs]
    info = f"{stem}.dist-info"
    held = {
        **files,
        f"{info}/METADATA": "\n".join(head) + "\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: stand-in\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    if scripts:
        held[f"{info}/entry_points.txt"] = f"[console_scripts]\n{scripts}\n"
    held[f"{info}/RECORD"] = "".join(f"{path},,\n" for path in [*held, f"{info}/RECORD"])
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for path, text in held.items():
            archive.writestr(zipfile.ZipInfo(path), text)  # no clock: the same wheel has the same digest
    return f"{stem}-py3-none-any.whl", made.getvalue()


def client(version: str = LATEST, summary: str = SUMMARY) -> tuple[str, bytes]:
    """The client. It needs a package of the vendor's own and one that everybody uses."""
    source = CLIENT.read_text().replace("@version@", version)
    files = {"model_security_client/__init__.py": "import airs_schemas, stand_in_models\n"}
    files["model_security_client/cli.py"] = source
    needs = ("airs-schemas>=1", "stand-in-models", "boto3; extra == 'aws'")
    script = "model-security = model_security_client.cli:main"
    return wheel("model-security-client", version, summary, files, *needs, scripts=script)


def schemas(version: str = "1.4", told: str = "vendor") -> tuple[str, bytes]:
    return wheel("airs-schemas", version, "Enumerations", {"airs_schemas/__init__.py": f"FROM = {told!r}\n"})


def models() -> tuple[str, bytes]:
    return wheel("stand-in-models", "2.0", "What everybody uses", {"stand_in_models/__init__.py": ""})


def placeholder(name: str = "model-security-client") -> tuple[str, bytes]:
    """What lies under the client's name on the public index: newer than every version of the vendor's."""
    package = name.replace("-", "_")
    files = {f"{package}/__init__.py": "raise SystemExit('the placeholder was run')\n"}
    return wheel(name, "99.0", PLACEHOLDER, files, scripts=f"model-security = {package}:main")

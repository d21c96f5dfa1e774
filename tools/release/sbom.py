#!/usr/bin/env python3
"""The packages of the program as an SBOM in CycloneDX 1.5 (JSON), from `cargo metadata` alone.

Usage: sbom.py PACKAGE > sbom.json. Only what is linked into the package is listed: no build or test dependencies.
"""

import json
import subprocess
import sys


def main(package: str) -> None:
    command = ["cargo", "metadata", "--format-version", "1", "--locked"]
    metadata = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    packages = {p["id"]: p for p in metadata["packages"]}
    nodes = {n["id"]: n for n in metadata["resolve"]["nodes"]}
    roots = [id for id, p in packages.items() if p["name"] == package]
    if not roots:
        sys.exit(f"no package {package}")
    tree = subprocess.run(
        ["cargo", "tree", "-p", package, "-e", "normal", "--prefix", "none", "--no-dedupe", "--locked", "-f", "{p}"],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    linked = {tuple(line.split()[:2]) for line in tree.splitlines() if line.strip()}
    wanted = {id for id, p in packages.items() if (p["name"], "v" + p["version"]) in linked}

    def reference(id: str) -> str:
        return f"pkg:cargo/{packages[id]['name']}@{packages[id]['version']}"

    def component(id: str) -> dict:
        p = packages[id]
        entry = {"type": "library", "bom-ref": reference(id), "name": p["name"], "version": p["version"], "purl": reference(id)}
        if p.get("license"):
            entry["licenses"] = [{"expression": p["license"].replace("/", " OR ")}]
        if p.get("repository"):
            entry["externalReferences"] = [{"type": "vcs", "url": p["repository"]}]
        return entry

    root = roots[0]
    dependencies = [
        {"ref": reference(id), "dependsOn": sorted({reference(d["pkg"]) for d in nodes[id]["deps"] if d["pkg"] in wanted})}
        for id in sorted(wanted, key=reference)
    ]
    bom = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": {**component(root), "type": "application"}},
        "components": [component(id) for id in sorted(wanted - {root}, key=reference)],
        "dependencies": dependencies,
    }
    json.dump(bom, sys.stdout, indent=2)
    print()


if __name__ == "__main__":
    main(sys.argv[1])

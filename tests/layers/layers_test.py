#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Fails when a file includes against the direction of the layers (see README).

A header is found by every target, so an include alone would compile; this names it.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
# What a folder of server/ may include of the others.
ALLOWED = {
    "base": set(),
    "filter": {"base"},
    "io": {"base"},
    "warts": {"base"},
    "records": {"base", "warts"},
    "files": {"base", "io", "warts", "records"},
    "store": {"base", "io"},
    "recorder": {"base", "io", "warts", "records", "files", "store"},
    "control": {"base"},
    "broker": {"base", "control"},
    "runs": {"base", "records", "store", "recorder", "broker"},
    "config": {"base", "control"},
    "policy": {"base", "records"},
    "service": {"base", "io", "warts", "records", "files", "store", "recorder", "control", "broker",
                "runs", "config", "filter", "policy"},
}
# Headers of libraries that only these folders may include.
ONLY = {"grpc": {"service"}, "asio": {"control"}}
INCLUDE = re.compile(r'^\s*#\s*include\s+["<]([^">]+)[">]', re.M)


def wrong(folder: str, include: str) -> bool:
    if include.startswith("server/"):
        layer = include.split("/")[1]
        return "/" in include[len("server/"):] and layer != folder and layer not in ALLOWED[folder]
    if include.endswith(".grpc.pb.h") or include.startswith(("grpc/", "grpcpp/")):
        return folder not in ONLY["grpc"]
    return re.match(r"asio[./]", include) is not None and folder not in ONLY["asio"]


def main() -> int:
    found, files = [], 0
    for path in sorted((ROOT / "server").glob("*/**/*")):
        if path.suffix not in (".h", ".cc"):
            continue
        files += 1
        folder = path.relative_to(ROOT / "server").parts[0]
        if folder not in ALLOWED:
            found.append(f"server/{folder}: a layer that this test does not know")
            continue
        for include in INCLUDE.findall(path.read_text()):
            if wrong(folder, include):
                found.append(f"{path.relative_to(ROOT)}: may not include {include}")
    print("\n".join(found) or f"{files} files include along the layers")
    return 1 if found or not files else 0


sys.exit(main())

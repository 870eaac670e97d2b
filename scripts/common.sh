# SPDX-License-Identifier: Apache-2.0
# Sourced by the scripts beside it.
# shellcheck shell=bash
set -euo pipefail

ROOT="$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)"
# Tools that Debian does not package; outside the tree, shared by checkouts.
TOOLS="${SCAMPER_GRPC_TOOLS:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/scamper-grpc}"
export PATH="$TOOLS/bin:$PATH"

say() { printf '== %s\n' "$*" >&2; }
die() { printf '%s: %s\n' "$(basename -- "$0")" "$*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

# Prints the build folder for the option --sanitize ("yes" or "").
build_dir() { if [[ -n "${1:-}" ]]; then echo "$ROOT/build-sanitize"; else echo "$ROOT/build"; fi; }

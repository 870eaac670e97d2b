// SPDX-License-Identifier: Apache-2.0
// What a file that is written is, and how people say it.
#pragma once

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/io/kind.h"

namespace scamper::files {

enum class Format { kWarts, kJson, kText, kProtobuf };

struct OutputKind {
  Format format = Format::kWarts;
  io::Compression compression = io::Compression::kNone;
  // JSON: exactly what scamper's own tool prints.
  bool scamper_json = false;
};

// "warts", "json", "text" or "protobuf", and ".gz", ".bz2" or ".xz" behind it, in either
// case. INVALID_ARGUMENT names what there is.
absl::StatusOr<OutputKind> ParseOutputKind(absl::string_view kind);

// By the end of a file's name: ".warts", ".json" (".jsonl", ".ndjson"), ".txt" (".text") or
// ".pb", and the suffix of a compression behind it, in either case. INVALID_ARGUMENT where
// the name does not tell.
absl::StatusOr<OutputKind> OutputKindOfName(absl::string_view name);

}  // namespace scamper::files

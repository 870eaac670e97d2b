// SPDX-License-Identifier: Apache-2.0
#include "server/files/output_kind.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace scamper::files {
namespace {

struct Row {
  absl::string_view name;
  Format format;
};

constexpr Row kKinds[] = {
    {"warts", Format::kWarts},
    {"json", Format::kJson},
    {"text", Format::kText},
    {"protobuf", Format::kProtobuf},
};

constexpr Row kSuffixes[] = {
    {".warts", Format::kWarts}, {".json", Format::kJson}, {".jsonl", Format::kJson},
    {".ndjson", Format::kJson}, {".txt", Format::kText},  {".text", Format::kText},
    {".pb", Format::kProtobuf},
};

// Takes the suffix of a compression off the end.
io::Compression TakeCompression(absl::string_view* name) {
  const io::Compression compression = io::CompressionOfName(*name);
  name->remove_suffix(io::SuffixOf(compression).size());
  return compression;
}

}  // namespace

absl::StatusOr<OutputKind> ParseOutputKind(absl::string_view kind) {
  absl::string_view rest = kind;
  const io::Compression compression = TakeCompression(&rest);
  for (const Row& row : kKinds) {
    if (absl::EqualsIgnoreCase(rest, row.name)) return OutputKind{row.format, compression};
  }
  return absl::InvalidArgumentError(
      absl::StrCat("'", kind,
                   "' is no kind of output: expected warts, json, text or protobuf, plain or with "
                   ".gz, .bz2 or .xz behind it"));
}

absl::StatusOr<OutputKind> OutputKindOfName(absl::string_view name) {
  absl::string_view rest = name;
  const io::Compression compression = TakeCompression(&rest);
  for (const Row& row : kSuffixes) {
    if (absl::EndsWithIgnoreCase(rest, row.name)) return OutputKind{row.format, compression};
  }
  return absl::InvalidArgumentError(
      absl::StrCat("the name '", name,
                   "' does not tell what the output is: expected .warts, .json, .txt or .pb at its "
                   "end, or one of them with .gz, .bz2 or .xz behind it"));
}

}  // namespace scamper::files

// SPDX-License-Identifier: Apache-2.0
#include "server/io/kind.h"

#include "absl/strings/match.h"

namespace scamper::io {
namespace {

struct Row {
  Compression compression;
  absl::string_view magic;
  absl::string_view suffix;
};

constexpr Row kRows[] = {
    {Compression::kGzip, "\x1f\x8b", ".gz"},
    {Compression::kBzip2, "BZ", ".bz2"},
    {Compression::kXz, absl::string_view("\xfd\x37zXZ\0", 6), ".xz"},
};

}  // namespace

Compression CompressionOfBytes(absl::string_view first) {
  for (const Row& row : kRows) {
    if (absl::StartsWith(first, row.magic)) return row.compression;
  }
  return Compression::kNone;
}

Content ContentOfBytes(absl::string_view first) {
  if (first.empty()) return Content::kEmpty;
  if (absl::StartsWith(first, "\x12\x05")) return Content::kWarts;
  if (absl::StartsWith(first, "\xdf\xb0")) return Content::kArts;
  return Content::kOther;
}

Compression CompressionOfName(absl::string_view name) {
  for (const Row& row : kRows) {
    if (absl::EndsWithIgnoreCase(name, row.suffix)) return row.compression;
  }
  return Compression::kNone;
}

absl::string_view SuffixOf(Compression compression) {
  for (const Row& row : kRows) {
    if (row.compression == compression) return row.suffix;
  }
  return "";
}

}  // namespace scamper::io

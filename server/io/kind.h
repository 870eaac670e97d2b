// SPDX-License-Identifier: Apache-2.0
// What a file is: told by its first bytes when reading, by its name when writing.
#pragma once

#include <cstddef>

#include "absl/strings/string_view.h"

namespace scamper::io {

enum class Compression { kNone, kGzip, kBzip2, kXz };

enum class Content {
  kEmpty,  // no byte at all
  kWarts,
  kArts,   // an older format, see arts-format.md
  kOther,  // none of these; also a single byte
};

// As many bytes as tell any kind.
inline constexpr size_t kMagicSize = 6;

// By the first bytes of a file: 1f8b is gzip, 425a bzip2, fd377a585a00 xz, and
// all else not compressed. `first` may be shorter than kMagicSize, in a file that is.
Compression CompressionOfBytes(absl::string_view first);

// By the first bytes of what is not compressed, or decompressed: 1205 is warts, dfb0 arts.
Content ContentOfBytes(absl::string_view first);

// By the end of a file's name or of a kind's name such as "warts.gz": ".gz",
// ".bz2" or ".xz", in either case; all else is not compressed.
Compression CompressionOfName(absl::string_view name);

// ".gz", ".bz2", ".xz", and "" for kNone.
absl::string_view SuffixOf(Compression compression);

}  // namespace scamper::io

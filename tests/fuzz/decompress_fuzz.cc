// SPDX-License-Identifier: Apache-2.0
// Decompressing whatever the first bytes say: in one piece and in small ones, gzip by each
// inflater.
#include <memory>
#include <string>
#include <utility>

#include "server/io/decompressing_source.h"
#include "server/io/gzip_inflater.h"
#include "server/io/open.h"
#include "tests/fuzz/fuzz_testing.h"

namespace scamper::fuzz {
namespace {

// Of what a small input may grow to, so much is looked at. Bytes.
constexpr size_t kEnough = 1 << 20;

struct Outcome {
  std::string bytes;
  absl::Status end;
  bool whole = false;
};

Outcome ReadAll(io::ByteSource* source, size_t step) {
  Outcome outcome;
  std::string buffer(step, '\0');
  while (outcome.bytes.size() < kEnough) {
    const auto n = source->Read(buffer.data(), buffer.size());
    if (!n.ok() || *n == 0) {
      outcome.end = n.status();
      outcome.whole = true;
      FUZZ_CHECK(source->Read(buffer.data(), buffer.size()).status() == outcome.end);
      break;
    }
    FUZZ_CHECK(*n <= step);
    outcome.bytes.append(buffer, 0, *n);
  }
  return outcome;
}

// By so much may one fall short of another that precedes damage: of gzip's longest copy, where the
// inflaters differ; of what bzip2 and xz decode at a time, of which more or less comes before the
// damage is found.
constexpr size_t kShortOfCopy = 258;
constexpr size_t kShortOfBlock = kEnough;

void CheckSame(const Outcome& a, const Outcome& b, size_t shortfall) {
  const size_t less = std::min(a.bytes.size(), b.bytes.size());
  const size_t more = std::max(a.bytes.size(), b.bytes.size());
  FUZZ_CHECK(a.bytes.compare(0, less, b.bytes, 0, less) == 0);
  if (!a.whole || !b.whole) return;
  FUZZ_CHECK(a.end.code() == b.end.code());
  FUZZ_CHECK(less == more || (!a.end.ok() && less + shortfall >= more));
}

void CheckInflaters(const std::string& input) {
  io::DecompressingSource zlib(std::make_unique<SteppingSource>(input, 4096),
                               io::NewZlibInflater());
  const Outcome by_zlib = ReadAll(&zlib, 4096);
#ifdef SCAMPER_IO_HAVE_ISAL
  io::DecompressingSource isal(std::make_unique<SteppingSource>(input, 4096),
                               io::NewIsalInflater());
  // zlib refuses some tables that ISA-L uses until a symbol is missing.
  CheckSame(by_zlib, ReadAll(&isal, 4096), kEnough);
#endif
}

}  // namespace
}  // namespace scamper::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace scamper;  // NOLINT(google-build-using-namespace)
  const std::string input = fuzz::ToString(data, size);
  const io::Compression compression = io::CompressionOfBytes(input);
  if (compression == io::Compression::kNone) return 0;
  const auto whole =
      io::Decompress(compression, std::make_unique<fuzz::SteppingSource>(input, size));
  const auto pieces = io::Decompress(compression, std::make_unique<fuzz::SteppingSource>(input, 5));
  fuzz::CheckSame(fuzz::ReadAll(whole.get(), 65536), fuzz::ReadAll(pieces.get(), 101),
                  compression == io::Compression::kGzip ? fuzz::kShortOfCopy : fuzz::kShortOfBlock);
  if (compression == io::Compression::kGzip) fuzz::CheckInflaters(input);
  return 0;
}

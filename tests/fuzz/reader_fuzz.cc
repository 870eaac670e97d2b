// SPDX-License-Identifier: Apache-2.0
// Reading a file: all at once and in pieces, strictly and with recovery.
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "server/files/record_stream.h"
#include "tests/fuzz/fuzz_testing.h"

namespace scamper::fuzz {
namespace {

struct Delivered {
  uint64_t offset = 0;
  std::string bytes;
  std::string record;

  bool operator==(const Delivered&) const = default;
};

struct Outcome {
  std::vector<Delivered> records;
  std::vector<files::SkippedRegion> skipped;
  absl::Status end;
};

Outcome ReadAll(const std::string& file, size_t step, files::StreamOptions options) {
  Outcome outcome;
  // Records and regions come in order and leave no gap.
  uint64_t at = 0;
  options.on_skipped = [&](const files::SkippedRegion& region) {
    FUZZ_CHECK(region.offset == at);
    FUZZ_CHECK(!region.why.empty());
    at += region.length;
    outcome.skipped.push_back(region);
  };
  const bool all = options.types.empty();
  files::RecordStream stream(std::make_unique<SteppingSource>(file, step), std::move(options));
  while (true) {
    const auto next = stream.Next();
    outcome.end = next.status();
    if (!next.ok() || *next == nullptr) break;
    const files::FileRecord& record = **next;
    FUZZ_CHECK(file.compare(record.offset, record.bytes.size(), record.bytes.data(),
                            record.bytes.size()) == 0);
    if (all) FUZZ_CHECK(record.offset == at);
    at = record.offset + record.bytes.size();
    outcome.records.push_back({record.offset, std::string(record.bytes),
                               record.record ? record.record->SerializeAsString() : ""});
  }
  if (all && outcome.end.ok()) FUZZ_CHECK(at == file.size());
  FUZZ_CHECK(stream.Next().status() == outcome.end);
  return outcome;
}

// Whatever the pieces are in which the input comes.
Outcome ReadBothWays(const std::string& file, const files::StreamOptions& options) {
  Outcome whole = ReadAll(file, file.size() + 1, options);
  const Outcome pieces = ReadAll(file, 13, options);
  FUZZ_CHECK(whole.records == pieces.records);
  FUZZ_CHECK(whole.skipped.size() == pieces.skipped.size());
  FUZZ_CHECK(whole.end == pieces.end);
  return whole;
}

}  // namespace
}  // namespace scamper::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace scamper;  // NOLINT(google-build-using-namespace)
  const std::string file = fuzz::ToString(data, size);
  const fuzz::Outcome strict = fuzz::ReadBothWays(file, {});

  files::StreamOptions recovering;
  recovering.recover = true;
  const fuzz::Outcome recovered = fuzz::ReadBothWays(file, recovering);
  FUZZ_CHECK(recovered.end.ok());
  // What looks like damage may be the contents of a record of a type that is not known; the one
  // thing that is not right and yet no reason to leave anything out is the check of an address.
  if (recovered.skipped.empty()) {
    FUZZ_CHECK(strict.end.ok() ? strict.records == recovered.records
                               : absl::StrContains(strict.end.message(), "address record, check"));
  }

  files::StreamOptions pings;
  pings.types = {7};
  fuzz::ReadAll(file, 4096, pings);
  files::StreamOptions copy;
  copy.decode = false;
  FUZZ_CHECK(fuzz::ReadAll(file, 4096, copy).records.size() >= strict.records.size());
  return 0;
}

// SPDX-License-Identifier: Apache-2.0
// The way round: bytes to records to bytes to records; also whole files.
#include <google/protobuf/util/message_differencer.h>

#include <memory>
#include <string>
#include <utility>

#include "server/files/record_sink.h"
#include "server/files/record_stream.h"
#include "server/io/string_io.h"
#include "server/records/registry.h"
#include "tests/fuzz/fuzz_testing.h"

namespace scamper::fuzz {
namespace {

// A body below this has room to have its references to addresses written as addresses.
constexpr size_t kSmall = 8192;

void CheckSame(const v1::Record& a, const v1::Record& b) {
  if (a.SerializeAsString() == b.SerializeAsString()) return;
  std::string differences;
  google::protobuf::util::MessageDifferencer differencer;
  differencer.ReportDifferencesToString(&differences);
  differencer.Compare(a, b);
  std::fprintf(stderr, "%s", differences.c_str());
  FUZZ_CHECK(!"the record read back is the one that was written");
}

// A record that could be read can be written, reads back to the same message, and is then
// written as the same bytes.
void CheckRecord(const files::FileRecord& read) {
  const auto written = records::Write(*read.record);
  if (!written.ok()) {
    FUZZ_CHECK(read.bytes.size() > kSmall);
    return;
  }
  v1::Record again;
  FUZZ_CHECK(records::Read(*written, &again).ok());
  CheckSame(*read.record, again);
  const auto rewritten = records::Write(again);
  FUZZ_CHECK(rewritten.ok() && *rewritten == *written);
  // Reads no more than the parameters.
  FUZZ_CHECK(records::Identify(*written).ok() == records::Identify(*rewritten).ok());
}

std::string Rewrite(const std::string& file, bool each) {
  std::string out;
  const auto sink = files::NewWartsSink(std::make_unique<io::StringSink>(&out));
  files::RecordStream stream(std::make_unique<io::StringSource>(file), {});
  while (true) {
    const auto next = stream.Next();
    if (!each) FUZZ_CHECK(next.ok());
    if (!next.ok() || *next == nullptr) break;
    if (each) CheckRecord(**next);
    FUZZ_CHECK(sink->Write(**next).ok() || (*next)->bytes.size() > kSmall);
  }
  FUZZ_CHECK(sink->Close().ok());
  return out;
}

}  // namespace
}  // namespace scamper::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace scamper::fuzz;  // NOLINT(google-build-using-namespace)
  const std::string once = Rewrite(ToString(data, size), true);
  FUZZ_CHECK(Rewrite(once, false) == once);
  return 0;
}
